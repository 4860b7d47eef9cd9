import { type Command, ok } from "../command.ts";

/** uname(1) */
export const uname: Command = ({ machine, args }) => {
  const parts: Record<string, string> = {
    s: "Linux",
    n: machine.spec.name,
    r: "6.8.0-79-generic",
    v: "#79-Ubuntu SMP PREEMPT_DYNAMIC",
    m: "x86_64",
    o: "GNU/Linux",
  };
  const wanted = args.join("").replaceAll("-", "");
  const letters =
    wanted === "" ? "s" : wanted.includes("a") ? "snrvmo" : "snrvmo".replace(/./g, (l) => (wanted.includes(l) ? l : ""));
  return ok(`${[...letters].map((letter) => parts[letter]).join(" ")}\n`);
};
