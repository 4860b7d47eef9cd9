import { type Command, ok } from "../command.ts";

/** id(1): whole, `-u`, `-un`. */
export const id: Command = ({ user, args }) => {
  const number = user === "root" ? 0 : 1000;
  if (args.includes("-un") || (args.includes("-u") && args.includes("-n"))) return ok(`${user}\n`);
  if (args.includes("-u")) return ok(`${number}\n`);
  return ok(`uid=${number}(${user}) gid=${number}(${user}) groups=${number}(${user})${number === 0 ? "" : ",27(sudo)"}\n`);
};
