import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type ApicSimulator, startFabric } from "../../lab/apic/fabric.ts";
import { labCertificates } from "../../lab/certificates.ts";
import type { Faults } from "../../lab/spec.ts";
import { StateFile } from "../../lab/state.ts";
import { type ApicSession, openApic } from "../../runner/connect/apic/session.ts";
import { Secret } from "../../runner/secret.ts";
import { impatient } from "./apic-session.ts";

/** The lab's simulator with the paper's fabric: four leaves, tenant k8s with VRF calico, its domains and VLANs. */
export interface SimulatedFabric {
  readonly fabric: ApicSimulator;
  /** Opens a session, uses it, closes it. */
  inSession<T>(check: boolean, use: (session: ApicSession) => Promise<T>): Promise<T>;
  /** DNs and classes below the tenant. */
  policy(): string;
  /** DNs and classes of everything that can be configured. */
  everything(): string;
  close(): Promise<void>;
}

/** Starts a fresh one, with faults by the lab's names; `prepared` false: without pool, domains and AAEP. */
export async function simulatedFabric(faults: Faults = new Map(), prepared = true): Promise<SimulatedFabric> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "underlay-test-"));
  const { ca, server } = await labCertificates(directory, []);
  const fabric = await startFabric(
    {
      asn: 65002,
      username: "admin",
      password: "simulator-password",
      certificate: undefined,
      controllers: [1, 2, 3].map((id) => ({ name: `apic${id}`, id })),
      leaves: [201, 202, 203, 204].map((id) => ({ name: `leaf${id}`, id, pod: 1, rack: id < 203 ? "1" : "2" })),
      vrfs: [{ tenant: "k8s", vrf: "calico" }],
      prepared,
      outside: undefined,
      epgs: [],
      physicalDomain: "k8s-phys",
      routedDomain: "k8s-l3dom",
      vlans: { from: 310, to: 319 },
    },
    { tls: server, state: StateFile.open(directory, "apic"), faults },
  );
  return {
    fabric,
    inSession: async (check, use) => {
      const session = openApic({
        controllers: [...fabric.ports].map(([name, port]) => ({ name, host: "127.0.0.1", port })),
        credentials: { kind: "password", username: "admin", password: new Secret("simulator-password") },
        ca,
        validateCertificates: true,
        check,
        retry: impatient,
      });
      try {
        return await use(session);
      } finally {
        await session.close();
      }
    },
    policy: () => listed(fabric, "uni/tn-k8s"),
    everything: () => listed(fabric, "uni/"),
    close: async () => {
      await fabric.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function listed(fabric: ApicSimulator, prefix: string): string {
  const below = [...fabric.objects().values()].filter(({ dn }) => dn.startsWith(prefix));
  return below
    .map(({ dn, className }) => `${dn} ${className}`)
    .sort()
    .join("\n");
}
