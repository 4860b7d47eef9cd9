import { Type } from "#typebox";
import type { NodeReader } from "../../runner/connect/node.ts";
import { ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { ping, pingWhole } from "./commands.ts";
import { familyOf } from "./wanted-network.ts";

/** Bytes of IP and ICMP headers before the data of an echo request (RFC 791 and 792, RFC 8200 and 4443). */
const HEADERS = { 4: 28, 6: 48 } as const;

/** White paper, section "MTU": nodes, SVIs and switches must agree, or sessions come up and big packets are lost. */
export const nodeReachable = probeTask({
  name: "node.reachable",
  summary: "Addresses answer the node at full size, unfragmented",
  steps: [],
  on: "node",
  args: Type.Object(
    {
      targets: Type.Array(Type.String({ format: "ip" }), {
        minItems: 1,
        uniqueItems: true,
        description: "Addresses that must answer, of either family: the gateways, the leaves",
      }),
      size: Type.Integer({ minimum: 576, maximum: 9216, description: "Bytes of the IP packet: the MTU of the path" }),
      timeout: Type.Integer({ minimum: 1, maximum: 3600, default: 60, description: "Seconds until all of them do" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "One echo request with Don't Fragment for each target. What does not answer is asked again with a small packet, to tell a narrow path from none.",
    "A BGP session with small updates comes up over a path that loses big packets: this shows it before routes do.",
  ],
  example: `- name: The gateway answers at full size
  node.reachable:
    targets: [192.168.2.254]
    size: 9000`,
  observe: async (reader, { args: { targets, size } }) => {
    const unmet: string[] = [];
    for (const looked of await Promise.all(targets.map((target) => whyNot(reader, target, size)))) {
      if (!looked.ok) return looked;
      unmet.push(...looked.value);
    }
    return ok({ unmet, message: `${targets.length === 1 ? targets.join() : `${targets.length} addresses`} at ${size} bytes` });
  },
});

/** Why an address does not answer a packet of this size, with the likely cause; empty: it does. */
async function whyNot(reader: NodeReader, target: string, size: number): Promise<Result<readonly string[]>> {
  const whole = await reader.run(pingWhole(target, size - HEADERS[familyOf(target)]));
  if (!whole.ok) return whole;
  const { exitCode, stdout, stderr } = whole.value;
  if (exitCode === 0) return ok([]);
  const said = `${stdout}\n${stderr}`;
  const link = /[Ll]ocal error: [Mm]essage too long(?:, mtu[= ]*(\d+))?/.exec(said);
  if (link !== null) {
    const is = link[1] === undefined ? "is smaller" : `is ${link[1]}`;
    return ok([`${target}: the MTU of the node's own link ${is}, not ${size}: node.network sets it`]);
  }
  if (/[Nn]etwork is unreachable/.test(said))
    return ok([`${target}: the node has no route there: does it have an address in this subnet?`]);
  const router = /From (\S+) .*(?:Frag needed|Packet too big).*mtu[= ]*(\d+)/.exec(said);
  if (router !== null) return ok([`${target}: the router ${router[1]} on the way takes only ${router[2]} bytes, not ${size}`]);
  const small = await reader.run(ping(target));
  if (!small.ok) return small;
  if (small.value.exitCode === 0) {
    return ok([
      `${target} answers small packets and none of ${size} bytes: is the MTU of the SVI (l3out.mtu), of the port or of a switch on the way smaller?`,
    ]);
  }
  return ok([`${target} does not answer at all: is it an address of the SVI, is the VLAN right, and are the node's links up?`]);
}
