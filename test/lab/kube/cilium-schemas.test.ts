import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { servedVersions } from "../../../lab/kube/cilium/definitions.ts";
import { CILIUM_KINDS, type CiliumKind } from "../../../lab/kube/cilium/kinds.ts";
import { schemaOf } from "../../../lab/kube/cilium/schemas.ts";
import { isKubeObject, listAt, objectAt, textAt, valueAt } from "../../../lab/kube/objects/kube-object.ts";
import { brokenRules } from "../../../lab/kube/schema/cel.ts";
import { pruneAndDefault, unknownFields } from "../../../lab/kube/schema/structural.ts";
import { loadSchemaCheck, type SchemaCheck } from "../../../lab/kube/schema/validate.ts";
import type { Json, JsonObject } from "../../../runner/json.ts";
import { sharedPath } from "../../support/shared.ts";

const crds = sharedPath("crds");
const test = suite("Cilium's schemas against the real ones");
if (crds === undefined) console.log("skipped: Cilium's schemas against the real ones (the upstream definitions are not here)");
const compare = crds === undefined ? test.skip : test;

/** Folders of real definitions and the release the lab plays beside each. */
const FOLDERS = [
  ["cilium-1.13-1.14", { major: 1, minor: 14 }],
  ["cilium-1.18", { major: 1, minor: 18 }],
  ["cilium-1.19-1.20", { major: 1, minor: 20 }],
] as const;

const selector = { matchExpressions: [{ key: "somekey", operator: "NotIn", values: ["never-used-value"] }] };
const reference = { name: "leaves" };
const peer = { name: "leaf-201", peerAddress: "192.168.2.201", peerASN: 65002, peerConfigRef: reference };
const instance = { name: "rack", localASN: 65003, peers: [peer, { ...peer, name: "leaf-201-v6", peerAddress: "fd00:2::201" }] };
const instances = (change: object) => ({ bgpInstances: [{ ...instance, ...change }] });
const neighbor = { peerAddress: "192.168.2.201/32", peerASN: 65002 };
const router = (change: object) => ({
  nodeSelector: { matchLabels: { rack_id: "1" } },
  virtualRouters: [{ localASN: 65003, exportPodCIDR: true, neighbors: [neighbor], ...change }],
});
const families = [{ afi: "ipv4", safi: "unicast", advertisements: { matchLabels: { advertise: "bgp" } } }];
const service = { advertisementType: "Service", service: { addresses: ["LoadBalancerIP"] }, selector };

/** Specifications, good and bad: the lab must judge and complete each as the real definition does. */
const SPECS: Readonly<Partial<Record<CiliumKind, readonly Json[]>>> = {
  CiliumBGPClusterConfig: [
    { nodeSelector: { matchLabels: { rack_id: "1" } }, ...instances({}) },
    instances({ localASN: 0 }),
    instances({ localASN: 4294967296 }),
    instances({ localPort: 179 }),
    instances({ name: "" }),
    instances({ peers: [{ name: "any" }] }),
    instances({ peers: [{ ...peer, peerAddress: "192.168.2.201/32" }] }),
    instances({ peers: [{ ...peer, peerAddress: "192.168.2.300" }] }),
    instances({ peers: [{ ...peer, peerAddress: "fd00:2::201/128" }] }),
    instances({ peers: [{ ...peer, peerConfigRef: {} }] }),
    instances({ peers: [{ ...peer, peerAS: 1 }] }),
    instances({ peers: [{ ...peer, autoDiscovery: { mode: "DefaultGateway", defaultGateway: { addressFamily: "ipv4" } } }] }),
    { bgpInstances: [] },
    {},
    { nodeSelector: { matchLabels: { rack_id: "a b" } }, ...instances({}) },
  ],
  CiliumBGPPeerConfig: [
    {},
    { authSecretRef: "password", gracefulRestart: { enabled: true, restartTimeSeconds: 15 }, families, ebgpMultihop: 2 },
    { timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3, connectRetryTimeSeconds: 5 } },
    { timers: { holdTimeSeconds: 9 } },
    { timers: { holdTimeSeconds: 2 } },
    { timers: { hold: 9 } },
    { gracefulRestart: {} },
    { families: [{ afi: "ipv4" }] },
    { families: [{ afi: "ipv5", safi: "unicast" }] },
    { transport: { peerPort: 0 } },
    { transport: { localPort: 179 } },
    { transport: { sourceInterface: "eth0" } },
    { transport: {} },
  ],
  CiliumBGPAdvertisement: [
    { advertisements: [{ advertisementType: "PodCIDR" }, service] },
    { advertisements: [{ advertisementType: "PodCIDR", selector }] },
    { advertisements: [{ advertisementType: "Service" }] },
    { advertisements: [{ ...service, service: { addresses: [] } }] },
    { advertisements: [{ ...service, service: { addresses: ["NodePort"] } }] },
    { advertisements: [{ ...service, service: { addresses: ["ClusterIP"], aggregationLengthIPv4: 24 } }] },
    { advertisements: [{ ...service, service: { addresses: ["ClusterIP"], aggregationLengthIPv4: 32 } }] },
    { advertisements: [{ advertisementType: "PodCIDR", service: { addresses: ["ClusterIP"] } }] },
    { advertisements: [{ advertisementType: "Interface", interface: { name: "lo" } }] },
    { advertisements: [{ advertisementType: "Interface" }] },
    {
      advertisements: [
        { ...service, attributes: { communities: { standard: ["65002:100"], large: ["1:2:3"] }, localPreference: 99 } },
      ],
    },
    { advertisements: [{ ...service, attributes: { communities: { standard: ["a:b"] } } }] },
    { advertisements: [{ ...service, attributes: { communities: { wellKnown: ["no-export"] } } }] },
    {},
  ],
  CiliumBGPNodeConfigOverride: [
    instances({ peers: [{ name: "leaf-201", localAddress: "192.168.2.4", localPort: 1790 }], routerID: "1.1.1.1" }),
    instances({}),
    instances({ peers: [{ name: "leaf-201", localAddress: "here" }] }),
    { bgpInstances: [] },
  ],
  CiliumBGPNodeConfig: [instances({ routerID: "1.1.1.1" }), instances({ peers: [{ ...peer, localAddress: "192.168.2.4" }] }), {}],
  CiliumBGPPeeringPolicy: [
    router({}),
    router({ serviceSelector: selector, serviceAdvertisements: ["ClusterIP"] }),
    router({ neighbors: [{ ...neighbor, authSecretRef: "password", holdTimeSeconds: 9, keepAliveTimeSeconds: 3 }] }),
    router({ neighbors: [{ ...neighbor, holdTime: "9s" }] }),
    router({ neighbors: [{ peerASN: 65002 }] }),
    router({ neighbors: [] }),
    router({ exportPodCIDR: "yes" }),
    { virtualRouters: [] },
  ],
  CiliumLoadBalancerIPPool: [
    { blocks: [{ cidr: "192.168.21.0/24" }] },
    { blocks: [{ start: "192.168.21.1", stop: "192.168.21.9" }], allowFirstLastIPs: "No", serviceSelector: selector },
    { cidrs: [{ cidr: "192.168.21.0/24" }] },
    { cidrs: [] },
    { blocks: [{ cidr: "192.168.21.0/24" }], allowFirstLastIPs: "Maybe" },
    { blocks: [{ prefix: "192.168.21.0/24" }] },
    { disabled: true, blocks: [] },
  ],
};

/** What an API server makes of an object: refused fields, or the completed object. */
function outcome(schema: JsonObject, spec: Json, check: SchemaCheck): Json {
  const object = { apiVersion: "cilium.io/v2", kind: "Kind", metadata: { name: "name" }, spec };
  const unknown = unknownFields(schema, object);
  const complete = pruneAndDefault(schema, object);
  if (!isKubeObject(complete)) throw new Error("the object lost its name");
  const causes = [...check(schema, complete), ...brokenRules(schema, complete)].map(({ field }) => field);
  return causes.length > 0 || unknown.length > 0
    ? { refused: [...new Set([...causes, ...unknown])].sort() }
    : { spec: complete.spec ?? null };
}

for (const [folder, release] of FOLDERS) {
  for (const [kind, { plural }] of Object.entries(CILIUM_KINDS)) {
    const file = path.join(crds ?? "", folder, `cilium.io_${plural}.yaml`);
    if (crds === undefined || !existsSync(file)) continue;
    const definition: Json = parse(readFileSync(file, "utf8"));
    const known = kindOf(kind);
    compare(`${kind} of ${folder} in the versions it is served in`, () => {
      const names = listAt(definition, "spec", "versions").map((version) => textAt(version, "name"));
      assert.equal(servedVersions(known, release), names);
      assert.equal(CILIUM_KINDS[known].shortNames, listAt(definition, "spec", "names", "shortNames"));
    });
    for (const version of listAt(definition, "spec", "versions")) {
      const name = textAt(version, "name");
      compare(`${kind} ${name} of ${folder} judges as the real one`, async () => {
        const check = await loadSchemaCheck();
        const real = objectAt(version, "schema", "openAPIV3Schema");
        assert.is(valueAt(version, "subresources") !== undefined, CILIUM_KINDS[known].status);
        for (const spec of SPECS[known] ?? []) {
          assert.equal(outcome(schemaOf(kind, name, release), spec, check), outcome(real, spec, check), JSON.stringify(spec));
        }
      });
    }
  }
}

function kindOf(name: string): CiliumKind {
  if (!isKind(name) || SPECS[name] === undefined) throw new Error(`no specifications to judge for ${name}`);
  return name;
}

function isKind(name: string): name is CiliumKind {
  return name in CILIUM_KINDS;
}

test.run();
