import { setTimeout as sleep } from "node:timers/promises";
import { failed, ok, type Result } from "../../result.ts";
import { type Hop, routeTo } from "./client-config.ts";
import { dial } from "./dial.ts";
import type { JumpHosts } from "./jump-hosts.ts";
import type { Dialled, Link } from "./link.ts";
import { defaultTimeouts, type SshOptions, type SshTimeouts } from "./options.ts";

/** Pauses before the next try to open a connection, in milliseconds; after the last try the host is unreachable. */
const DIAL_PAUSES = [300, 1000];
/** Pause between two tries while a node is waited for, in milliseconds. */
const WAITING_PAUSE = 500;

/** Keeps one connection to a host: opened at first use, opened again after it was lost. */
export interface LinkKeeper {
  /** The open link; callers that ask at the same time share one attempt. */
  open(): Promise<Result<Link>>;
  /** Closes the link and opens another within the time limit (seconds). */
  reopen(timeoutSeconds: number): Promise<Result<void>>;
  /** Login name; undefined when the way to the host cannot be found. */
  user(): Promise<string | undefined>;
  /** Connections opened so far. */
  opened(): number;
  close(): void;
}

/** Makes the keeper; nothing is connected yet. */
export function keepLink(options: SshOptions, jumpHosts: JumpHosts): LinkKeeper {
  const timeouts: SshTimeouts = { ...defaultTimeouts, ...options.timeouts };
  let opened = 0;
  let route: Promise<Result<readonly Hop[]>> | undefined;
  let link: Promise<Result<Link>> | undefined;

  const said = new Set<string>();
  const warnOnce = (message: string) => {
    if (!said.has(message)) options.warn(message);
    said.add(message);
  };

  const way = () => {
    route ??= routeTo(options);
    return route;
  };

  const connect = async (connectTimeout: number): Promise<Dialled> => {
    const found = await way();
    if (!found.ok) return { ok: false, failure: found.failure, again: false };
    const dialled = await dial(found.value, { ...options, warn: warnOnce }, { ...timeouts, connect: connectTimeout }, jumpHosts);
    if (dialled.ok) opened += 1;
    return dialled;
  };

  const connectPatiently = async (): Promise<Result<Link>> => {
    let dialled = await connect(timeouts.connect);
    for (const pause of DIAL_PAUSES) {
      if (dialled.ok || !dialled.again) break;
      await sleep(pause);
      dialled = await connect(timeouts.connect);
    }
    return dialled.ok ? ok(dialled.link) : failed(dialled.failure);
  };

  const open = async (): Promise<Result<Link>> => {
    const asked = link;
    const known = await asked;
    if (link === asked && (known === undefined || !known.ok || !known.value.isOpen())) link = connectPatiently();
    return link ?? connectPatiently();
  };

  const close = () => {
    const closing = link;
    link = undefined;
    closing?.then((known) => {
      if (known.ok) known.value.close();
    });
  };

  const waitFor = async (timeoutSeconds: number): Promise<Result<Link>> => {
    const deadline = performance.now() + timeoutSeconds * 1000;
    for (;;) {
      const left = Math.max(deadline - performance.now(), 1);
      const dialled = await connect(Math.min(timeouts.connect, left));
      if (dialled.ok) return ok(dialled.link);
      // Whatever the reason: while a network changes, even a strange host key or a refused login may be somebody else's answer.
      if (performance.now() + WAITING_PAUSE >= deadline) return failed(dialled.failure);
      await sleep(WAITING_PAUSE);
    }
  };

  return {
    open,
    close,
    reopen: async (timeoutSeconds) => {
      close();
      const waiting = waitFor(timeoutSeconds);
      link = waiting;
      const reopened = await waiting;
      return reopened.ok ? ok(undefined) : reopened;
    },
    user: async () => {
      const found = await way();
      return found.ok ? found.value.at(-1)?.user : undefined;
    },
    opened: () => opened,
  };
}
