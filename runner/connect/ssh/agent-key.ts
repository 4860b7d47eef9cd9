import type { BaseAgent, ParsedKey } from "ssh2";

/** The agent at a socket, offering one of its keys only: the one with this public part. Without that key it offers none. */
export async function agentKey(socket: string, publicKey: ParsedKey): Promise<BaseAgent> {
  const ssh2 = (await import("ssh2")).default;
  const wanted = publicKey.getPublicSSH();
  class OneKeyAgent extends ssh2.OpenSSHAgent {
    override getIdentities(answer: Parameters<InstanceType<typeof ssh2.OpenSSHAgent>["getIdentities"]>[0]): void {
      super.getIdentities((error, keys) => {
        if (error) answer(error);
        else answer(null, keys?.filter((key) => "getPublicSSH" in key && key.getPublicSSH().equals(wanted)) ?? []);
      });
    }
  }
  return new OneKeyAgent(socket);
}
