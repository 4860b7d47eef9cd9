import { type Command, fail, ok } from "../command.ts";
import { hostPart } from "../network.ts";

/** printenv(1) of one variable: only sshd's SSH_CONNECTION is there, with the node's management address as the server's end. */
export const printenv: Command = ({ machine, args }) =>
  args.join(" ") === "SSH_CONNECTION" ? ok(`198.51.100.10 50022 ${hostPart(machine.spec.addresses[0] ?? "")} 22\n`) : fail(1, "");
