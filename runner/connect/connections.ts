import type { Result } from "../result.ts";
import type { ClusterReader, ClusterResource, ClusterWriter } from "./cluster.ts";
import type { Connection } from "./connection.ts";
import type { ApicReader, ApicWriter, LeafReader, ManagedObject } from "./managed-object.ts";
import type { NodeFile, NodeReader, NodeWriter } from "./node.ts";

/** Where a task type runs: the controller cluster as one, one leaf through the controllers' session, one Linux node, the Kubernetes cluster from localhost. */
export type Place = "apic" | "leaf" | "node" | "localhost";

/** The resources each place holds. A leaf holds none: it is only read. */
export interface ResourceOf {
  readonly apic: ManagedObject;
  readonly leaf: never;
  readonly node: NodeFile;
  readonly localhost: ClusterResource;
}

/** What each place is read with. */
export interface ReaderOf {
  readonly apic: ApicReader;
  readonly leaf: LeafReader;
  readonly node: NodeReader;
  readonly localhost: ClusterReader;
}

/** What each place is written with. */
export interface WriterOf {
  readonly apic: ApicWriter;
  readonly leaf: ApicWriter;
  readonly node: NodeWriter;
  readonly localhost: ClusterWriter;
}

/** The connection of a place. */
export type ConnectionTo<P extends Place> = Connection<ResourceOf[P], ReaderOf[P], WriterOf[P]>;

/** Hands out the connections of a run: each is opened at first use, shared, and closed at the end. */
export interface Connections {
  /** The connection of this kind for a host by its inventory name. Opening is retried where safe; failure kind `unreachable`. */
  open<P extends Place>(place: P, host: string): Promise<Result<ConnectionTo<P>>>;
  /** Requests, commands and processes so far, by connection, for `-v`: `{ apic: { login: 1, GET: 4, POST: 3 }, ssh: {...} }`. */
  counts(): Readonly<Record<string, Readonly<Record<string, number>>>>;
  close(): Promise<void>;
}
