import type { Readable } from "node:stream";
import type { Input } from "./command.ts";

/** Standard input of a command from an SSH channel: text is kept until a command asks for it. */
export function channelInput(channel: Readable): Input {
  const chunks: Buffer[] = [];
  let ended = false;
  let wake: () => void = () => undefined;
  channel.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  const end = () => {
    ended = true;
    wake();
  };
  channel.on("end", end);
  channel.on("close", end);
  const more = () => new Promise<void>((resolve) => (wake = resolve));
  return {
    async line() {
      for (;;) {
        const all = Buffer.concat(chunks.splice(0));
        const cut = all.indexOf("\n");
        if (cut >= 0) {
          chunks.push(all.subarray(cut + 1));
          return all.subarray(0, cut).toString();
        }
        if (ended) return all.length === 0 ? undefined : all.toString();
        chunks.push(all);
        await more();
      }
    },
    async rest() {
      while (!ended) await more();
      return Buffer.concat(chunks.splice(0)).toString();
    },
  };
}
