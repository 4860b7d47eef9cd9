import { textsAt } from "./kube-read.ts";
import { withoutLength } from "./prefix.ts";
import type { Speaker } from "./speaker.ts";

/**
 * Neighbours that were switched off with `gobgp neighbor ADDRESS disable`: it is kept by the running program only, so that a restart of
 * the pod forgets it (facts cni.md 4.5).
 */
export class NeighbourSwitches {
  readonly #off: Set<string>;
  readonly #changed: () => void;

  /** `saved`: what `toJSON` gave before. `changed` is called after every change. */
  constructor(saved: unknown, changed: () => void) {
    this.#off = new Set(textsAt(saved));
    this.#changed = changed;
  }

  /** Switches a neighbour of a program off or on. */
  turn(speaker: Speaker, address: string, to: "off" | "on"): void {
    const key = keyOf(speaker, address);
    if (this.#off.has(key) === (to === "off")) return;
    if (to === "off") this.#off.add(key);
    else this.#off.delete(key);
    this.#changed();
  }

  /** The speakers with what was switched off. */
  applyTo(speakers: readonly Speaker[]): readonly Speaker[] {
    if (this.#off.size === 0) return speakers;
    return speakers.map((speaker) => {
      const isOff = ({ address }: { readonly address: string }) => this.#off.has(keyOf(speaker, address));
      if (!speaker.peers.some(isOff)) return speaker;
      return { ...speaker, peers: speaker.peers.map((peer) => (isOff(peer) ? { ...peer, adminDown: true } : peer)) };
    });
  }

  /** For the lab's state file. */
  toJSON(): readonly string[] {
    return [...this.#off];
  }
}

function keyOf({ process }: Speaker, address: string): string {
  return `${process} ${withoutLength(address)}`;
}
