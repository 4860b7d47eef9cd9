import type { Handler, Play } from "../load/model.ts";
import { handlersFor } from "../notices.ts";
import type { Journal, Resumed } from "./journal.ts";

/** Handlers that wait for their turn, by play and host. What an interrupted run left over waits from the start, and stands in the journal already. */
export class Notified {
  readonly #journal: Journal | undefined;
  /** By play, host and handler. */
  readonly #waiting = new Map<string, Set<string>>();

  constructor(journal: Journal | undefined, before: Resumed["notified"]) {
    this.#journal = journal;
    for (const { play, host, handler } of before) this.#of(play, host).add(handler);
  }

  /**
   * A task is about to change something on a host: its handlers will run there. Told before the change is written, so that a run that is
   * killed while it writes makes up for them too.
   */
  add(play: Play, host: string, notices: readonly string[]): void {
    const names = new Set(notices.flatMap((notice) => handlersFor(notice, play.handlers)).map(({ name }) => name));
    const waiting = this.#of(play.number, host);
    const fresh = [...names].filter((name) => !waiting.has(name));
    for (const name of fresh) waiting.add(name);
    if (fresh.length > 0) this.#journal?.notified(play.number, host, fresh);
  }

  /** The hosts, of those given, on which a handler waits; it waits no longer. */
  take(play: Play, { name }: Handler, hosts: readonly string[]): readonly string[] {
    return hosts.filter((host) => this.#of(play.number, host).delete(name));
  }

  /** The handlers of a play that wait on any of these hosts. */
  waiting(play: Play, hosts: readonly string[]): readonly Handler[] {
    return play.handlers.filter(({ name }) => hosts.some((host) => this.#of(play.number, host).has(name)));
  }

  /** It has run there without failing. */
  handled(play: Play, { name }: Handler, host: string): void {
    this.#journal?.handled(play.number, host, name);
  }

  #of(play: number, host: string): Set<string> {
    const key = `${play} ${host}`;
    const known = this.#waiting.get(key);
    if (known !== undefined) return known;
    const fresh = new Set<string>();
    this.#waiting.set(key, fresh);
    return fresh;
  }
}
