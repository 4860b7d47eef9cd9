import pLimit from "p-limit";
import { type Failure, failed, ok, type Result } from "../../result.ts";
import { Secret } from "../../secret.ts";
import type { FoundObject } from "../managed-object.ts";
import { readAnswer } from "./answer.ts";
import { type Authentication, authentication, type Send } from "./authentication.ts";
import { requestCounter } from "./counter.ts";
import { CONCURRENT_REQUESTS, type Exchange, type Incoming, openExchange } from "./exchange.ts";
import { describe, refusal } from "./failure.ts";
import { type ApicOptions, type Controller, defaultRetry } from "./options.ts";
import { judge, retryDelay } from "./retry.ts";
import { controllerRing } from "./ring.ts";

/** Requests to the controller cluster as one: who answers, logging in and repeating are settled in here. */
export interface ApicClient {
  /** `path` with query, `/api/mo/uni/tn-k8s.json?rsp-subtree=full`. */
  get(path: string): Promise<Result<readonly FoundObject[]>>;
  /** Sends a tree; Secrets in it are unwrapped as it leaves. Repeating it does no harm: a POST merges into what is there. */
  post(path: string, tree: unknown): Promise<Result<void>>;
  counts(): Record<string, number>;
  /** Logs out, if logged in, and closes the connections. */
  close(): Promise<void>;
}

/** Longest wait for an answer: the controllers' own restTimeoutSeconds. A login answers sooner or the controller is down. */
const ANSWER_MS = 90_000;
const LOGIN_MS = 20_000;

/** Opens a client. Nothing is sent before the first request. */
export function openClient(options: ApicOptions): ApicClient {
  const exchange = openExchange(options);
  const counter = requestCounter();
  const limit = pLimit(CONCURRENT_REQUESTS);
  const send: Send = (kind, controller, request) => {
    counter.add(kind);
    const timeoutMs = kind === "login" || kind === "logout" ? LOGIN_MS : ANSWER_MS;
    return limit(() => exchange.send(controller, { ...request, timeoutMs }));
  };
  const identity = authentication(options.credentials, send, options.now ?? Date.now);
  const request = requester(options, send, identity);
  return {
    get: async (path) => {
      const answered = await request("GET", path, "");
      return answered.ok ? ok(readAnswer(answered.value).objects) : answered;
    },
    post: async (path, tree) => {
      const answered = await request("POST", path, serialise(tree));
      return answered.ok ? ok(undefined) : answered;
    },
    counts: counter.counts,
    close: () => leave(identity, exchange),
  };
}

type Request = (method: "GET" | "POST", path: string, body: string) => Promise<Result<string>>;

/** What a request ran into last at a controller. */
interface Trouble {
  readonly doing: string;
  readonly incoming: Incoming;
}

function requester(options: ApicOptions, send: Send, identity: Authentication): Request {
  const ring = controllerRing(options.controllers);
  const retry = options.retry ?? defaultRetry;
  const secrets = (): Secret[] => [...(options.secrets ?? []), credentialSecret(options)];

  return async (method, asked, body) => {
    const path = exactPath(asked);
    const doing = `${method} ${path.split("?")[0]}`;
    const troubles = new Map<Controller, Trouble>();
    const silent = new Set<Controller>();
    let renewed = false;
    let repeated = 0;
    for (;;) {
      const controller = ring.current();
      const admitted = await identity.admit(controller, method, path, body);
      const incoming = admitted.ok
        ? await send(method, controller, { method, path, body, cookie: admitted.cookie })
        : admitted.incoming;
      const at = admitted.ok ? doing : admitted.doing;
      const verdict = judge(incoming);
      if (verdict === "done" && incoming.kind === "answer" && admitted.ok) return ok(incoming.body);
      if (verdict === "denied" && admitted.ok && !renewed && identity.refused(admitted.cookie)) {
        renewed = true;
        continue;
      }
      if (verdict === "done" || verdict === "denied" || verdict === "refused") return failed(refusal(at, incoming, secrets()));
      troubles.set(controller, { doing: at, incoming });
      if (verdict === "down") {
        ring.leave(controller);
        silent.add(controller);
        if (silent.size < ring.size) continue;
        silent.clear();
      } else if (repeated > 0) ring.leave(controller);
      if (repeated >= retry.attempts) return failed(summary(doing, troubles, secrets()));
      await retryDelay(retry, repeated++);
    }
  };
}

/** A path and query as they will be on the wire: a signature covers exactly these bytes. DNs keep their brackets. */
function exactPath(path: string): string {
  const { pathname, search } = new URL(path, "https://controller");
  return `${pathname}${search}`;
}

/** All patience is used up: what each controller said last. */
function summary(doing: string, troubles: ReadonlyMap<Controller, Trouble>, secrets: readonly Secret[]): Failure {
  const said = [...troubles].map(([controller, { incoming }]) => `${controller.name}: ${describe(incoming, secrets)}`);
  const [only] = troubles.values();
  const down = [...troubles.values()].every(({ incoming }) => incoming.kind === "broken" || incoming.status === 503);
  if (!down && only !== undefined) return { ...refusal(only.doing, only.incoming, secrets), message: said.join("; ") };
  return {
    kind: "unreachable",
    doing,
    message: said.join("; "),
    meaning: "no controller of the group apics could be used",
    next: "check host, port and the network path to the controllers, and that the cluster is fully fit",
  };
}

function credentialSecret({ credentials }: ApicOptions): Secret {
  return credentials.kind === "password" ? credentials.password : credentials.privateKey;
}

/** JSON text of a tree. `JSON.stringify` would ask a Secret for its mask, so Secrets are found before it does. */
function serialise(tree: unknown): string {
  return JSON.stringify(tree, function (this: unknown, key: string, value: unknown) {
    const original: unknown = typeof this === "object" && this !== null ? Reflect.get(this, key) : undefined;
    return original instanceof Secret ? original.reveal() : value;
  });
}

async function leave(identity: Authentication, exchange: Exchange): Promise<void> {
  await identity.leave();
  exchange.close();
}
