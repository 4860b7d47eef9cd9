import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { type ByHand, byHand } from "../support/by-hand.ts";
import { workplace } from "../support/command.ts";

/**
 * What the white paper prints for its three CNIs comes out of the playbooks as printed, where the paper is right: blocks of /26, /28 and /27
 * from each node, service routes on exactly the leaves of the nodes with a pod, peers, annotations and policies.
 */
const test = suite("the white paper's examples");

const LOGIN = { username: "admin", password: "lab-only-apic-password" };
const BGP_PASSWORD = "lab-only-bgp-password";

/** Runs the playbook and exposes the guestbook's frontend; then looks with the ordinary clients. */
async function after(name: string, inventory: readonly string[], look: (hand: ByHand) => Promise<void>): Promise<void> {
  const place = workplace();
  const files = ["-i", path.join(packageRoot, "inventory", ...inventory)];
  try {
    for (const playbook of [name, "expose-service"]) {
      const outcome = await place.underlay(["run", path.join(packageRoot, "playbooks", `${playbook}.yaml`), ...files]);
      assert.is(outcome.code, 0, `${playbook}: ${outcome.stdout.slice(-1500)}${outcome.stderr}`);
    }
    const lab = await place.labUp(files);
    try {
      await look(byHand(lab.endpoints, LOGIN));
    } finally {
      await lab.stop();
    }
  } finally {
    place.remove();
  }
}

interface Route {
  readonly prefix: string;
  /** Next hops over eBGP, as `show ip route` prints them: address, preference, owner, tag. */
  readonly ebgp: readonly string[];
}

/** A leaf's routes, as `show ip route vrf T:V` would have them. */
async function routesOf(hand: ByHand, leaf: number, vrf: string): Promise<readonly Route[]> {
  const below = `topology/pod-1/node-${leaf}/sys/uribv4/dom-k8s:${vrf}/db-rt`;
  const answer = await hand.apicGet(`/api/node/mo/${below}.json?rsp-subtree=full&rsp-subtree-class=uribv4Route,uribv4Nexthop`);
  const [db] = items(answer, "imdata").map((item) => content(item, "uribv4Db"));
  return items(db, "children").map((item) => {
    const route = content(item, "uribv4Route");
    const hops = items(route, "children").map((child) => attributes(content(child, "uribv4Nexthop")));
    const ebgp = hops.filter((hop) => hop.routeType === "ebgp");
    return {
      prefix: attributes(route).prefix ?? "",
      ebgp: ebgp.map((hop) => `*via ${hop.addr?.split("/")[0]}, [${hop.pref}/0], ${hop.owner}, tag ${hop.tag}`).sort(),
    };
  });
}

function content(item: unknown, className: string): unknown {
  return isObject(item) ? item[className] : undefined;
}

function items(value: unknown, field: string): readonly unknown[] {
  const found = isObject(value) ? value[field] : undefined;
  return Array.isArray(found) ? found : [];
}

function attributes(value: unknown): Record<string, string> {
  const found = isObject(value) && isObject(value.attributes) ? value.attributes : {};
  return Object.fromEntries(Object.entries(found).map(([name, text]) => [name, String(text)]));
}

/** Every leaf has a block of this length for each of the six nodes: its own rack's over eBGP, as the paper's output shows them. */
async function blocks(hand: ByHand, vrf: string, pods: RegExp, length: number): Promise<void> {
  for (const leaf of [201, 202, 203, 204]) {
    const found = (await routesOf(hand, leaf, vrf)).filter(({ prefix }) => pods.test(prefix));
    assert.is(found.length, 6, `leaf ${leaf}: ${found.map(({ prefix }) => prefix).join(" ")}`);
    for (const { prefix } of found) assert.match(prefix, new RegExp(`/${length}$`));
    const own = found.filter(({ ebgp }) => ebgp.length > 0);
    assert.is(own.length, 3, "the rack's own nodes");
    for (const { ebgp } of own) assert.match(ebgp.join(), /^\*via 192\.168\.\d+\.\d+, \[20\/0\], bgp-65002, tag 65003$/);
  }
}

/** Where the frontend's pods run, and its address: each leaf has exactly its own nodes of them as next hops. */
async function service(hand: ByHand, vrf: string, address: (service: unknown) => unknown): Promise<void> {
  const get = async (...args: string[]): Promise<unknown> => JSON.parse(await hand.kubectl(["get", "-o", "json", ...args]));
  const ip = String(address(await get("--namespace", "guestbook", "service", "frontend")));
  const pods = items(await get("--namespace", "guestbook", "pods"), "items");
  const nodes = new Map<string, { readonly rack: string; readonly address: string }>();
  for (const node of items(await get("nodes"), "items")) {
    const { metadata, status } = isObject(node) ? node : {};
    const labels = isObject(metadata) && isObject(metadata.labels) ? metadata.labels : {};
    const internal = items(status, "addresses").find((entry) => isObject(entry) && entry.type === "InternalIP");
    if (isObject(metadata))
      nodes.set(String(metadata.name), {
        rack: String(labels.rack_id),
        address: isObject(internal) ? String(internal.address) : "",
      });
  }
  const running = pods.map((pod) => (isObject(pod) && isObject(pod.spec) ? String(pod.spec.nodeName) : ""));
  assert.is(running.length, 3);
  for (const [leaf, rack] of [
    [201, "1"],
    [202, "1"],
    [203, "2"],
    [204, "2"],
  ] as const) {
    const route = (await routesOf(hand, leaf, vrf)).find(({ prefix }) => prefix === `${ip}/32`);
    const expected = [...new Set(running)].map((name) => nodes.get(name)).filter((node) => node?.rack === rack);
    assert.equal(
      route?.ebgp ?? [],
      expected.map((node) => `*via ${node?.address}, [20/0], bgp-65002, tag 65003`).sort(),
      `${ip}/32 on leaf ${leaf}`,
    );
  }
}

test("Calico: BGPPeers 201 to 204 of the racks, /26 blocks, the NodePort service's /32", () =>
  after("floating-svi-calico", ["lab.yaml"], async (hand) => {
    const columns = "NAME:.metadata.name,PEERIP:.spec.peerIP,NODE:.spec.nodeSelector,ASN:.spec.asNumber";
    const printed = await hand.kubectl(["get", "bgppeers.projectcalico.org", "-o", `custom-columns=${columns}`]);
    assert.equal(
      printed.split("\n").map((line) => line.trim().split(/ {2,}/)),
      [
        ["NAME", "PEERIP", "NODE", "ASN"],
        ["201", "192.168.2.201", 'rack_id == "1" && !has(underlay/withdrawn)', "65002"],
        ["202", "192.168.2.202", 'rack_id == "1" && !has(underlay/withdrawn)', "65002"],
        ["203", "192.168.2.203", 'rack_id == "2" && !has(underlay/withdrawn)', "65002"],
        ["204", "192.168.2.204", 'rack_id == "2" && !has(underlay/withdrawn)', "65002"],
      ],
    );
    await blocks(hand, "calico", /^10\.1\./, 26);
    const ranges = (await routesOf(hand, 201, "calico")).find(({ prefix }) => prefix === "192.168.8.0/22");
    assert.is(ranges?.ebgp.length, 3, "the whole service subnet from each node");
    await service(hand, "calico", (found) => (isObject(found) && isObject(found.spec) ? found.spec.clusterIP : undefined));
  }));

const balancer = (found: unknown): unknown => {
  const status = isObject(found) && isObject(found.status) ? found.status : {};
  const [first] = items(status.loadBalancer, "ingress");
  return isObject(first) ? first.ip : undefined;
};

test("kube-router: peers of the rack in the annotation, password in base64, /28 pod prefixes, the service's /32", () =>
  after("floating-svi-kube-router", ["lab", "floating-svi-kube-router.yaml"], async (hand) => {
    const node: unknown = JSON.parse(await hand.kubectl(["get", "-o", "json", "node", "master-1"]));
    const metadata = isObject(node) && isObject(node.metadata) ? node.metadata : {};
    const peers = String(isObject(metadata.annotations) ? metadata.annotations["kube-router.io/peers"] : "");
    const password = Buffer.from(BGP_PASSWORD).toString("base64");
    assert.equal(
      parse(peers),
      ["192.168.43.252", "192.168.43.251"].map((remoteip) => ({ remoteip, remoteasn: 65002, password })),
    );
    await blocks(hand, "kube-router", /^192\.168\.44\./, 28);
    await service(hand, "kube-router", balancer);
  }));

test("Cilium: one configuration for each rack, /27 pod prefixes, the LoadBalancer's /32", () =>
  after("floating-svi-cilium", ["lab", "floating-svi-cilium.yaml"], async (hand) => {
    const configs: unknown = JSON.parse(await hand.kubectl(["get", "-o", "json", "ciliumbgpclusterconfigs.cilium.io"]));
    const racks = items(configs, "items").map((config) => {
      const spec = isObject(config) && isObject(config.spec) ? config.spec : {};
      const peers = items(items(spec, "bgpInstances")[0], "peers");
      return { selector: spec.nodeSelector, asns: peers.map((peer) => (isObject(peer) ? peer.peerASN : undefined)) };
    });
    // All but nodes that were withdrawn, which the paper does not know.
    const matchExpressions = [{ key: "underlay/withdrawn", operator: "DoesNotExist" }];
    assert.equal(racks, [
      { selector: { matchLabels: { rack_id: "1" }, matchExpressions }, asns: [65002, 65002] },
      { selector: { matchLabels: { rack_id: "2" }, matchExpressions }, asns: [65002, 65002] },
    ]);
    await blocks(hand, "cilium", /^192\.168\.19\./, 27);
    await service(hand, "cilium", balancer);
  }));

test.run();
