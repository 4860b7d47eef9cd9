import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { type ApicSimulator, startFabric } from "../../../lab/apic/fabric.ts";
import { labCertificates } from "../../../lab/certificates.ts";
import type { LabNode, LabSpec } from "../../../lab/spec.ts";
import { StateFile } from "../../../lab/state.ts";
import { isObject } from "../../../runner/json.ts";

/** A fabric of three controllers and two leaves, with the tenant and VRF that the paper assumes. */
export const spec: LabSpec["fabric"] = {
  asn: 65002,
  username: "admin",
  password: "lab-password",
  certificate: undefined,
  controllers: [
    { name: "apic1", id: 1 },
    { name: "apic2", id: 2 },
    { name: "apic3", id: 3 },
  ],
  leaves: [
    { name: "leaf201", id: 201, pod: 1, rack: "1" },
    { name: "leaf202", id: 202, pod: 1, rack: "1" },
  ],
  vrfs: [{ tenant: "k8s", vrf: "calico" }],
  prepared: true,
  outside: undefined,
  epgs: [],
  physicalDomain: "phys",
  routedDomain: "l3dom",
  vlans: { from: 310, to: 319 },
};

/** A server with one link to each of two leaves, on the same port of both; without a policy group its ports are plain. */
export function server(name: string, port: string, change: Partial<LabNode> = {}): LabNode {
  return {
    name,
    rack: "1",
    leaves: [201, 202],
    ports: [port, port],
    policyGroup: name,
    interfaces: ["eno1", "eno2"],
    addresses: [],
    gateways: [],
    vlan: undefined,
    user: "root",
    sudoPassword: undefined,
    controlPlane: false,
    ...change,
  };
}

/** An answer of a controller. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly totalCount: string;
  /** Objects as they came: class, attributes, children. */
  readonly objects: readonly Found[];
  /** Code and text of a refusal. */
  readonly error: { readonly code: string; readonly text: string };
}

/** An object in an answer. */
export interface Found {
  readonly className: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Found[];
}

/** A running simulator with a client. */
export interface Bench {
  readonly fabric: ApicSimulator;
  readonly directory: string;
  /** Cookie header of the requests to come; empty for none. */
  cookie: string;
  login(controller?: string): Promise<Answer>;
  send(method: string, url: string, body?: unknown, more?: { controller?: string; cookie?: string }): Promise<Answer>;
  get(url: string): Promise<Answer>;
  post(url: string, body: unknown): Promise<Answer>;
  /** One attribute of the object at a DN, read by GET. */
  attribute(dn: string, name: string): Promise<string | undefined>;
  /** Ends the simulator; the state stays for the next one in this directory. */
  stop(): Promise<void>;
  /** Ends it and removes the state. */
  close(): Promise<void>;
}

const open = new Set<Bench>();

/** Closes what a failed test has left open; for `after.each`. */
export async function closeBenches(): Promise<void> {
  for (const bench of open) await bench.close();
}

/** Starts a simulator, logged in unless told otherwise. */
export async function startBench(
  options: {
    readonly faults?: Record<string, string>;
    readonly directory?: string;
    readonly spec?: LabSpec["fabric"];
    readonly nodes?: readonly LabNode[];
    readonly login?: boolean;
  } = {},
): Promise<Bench> {
  const directory = options.directory ?? mkdtempSync(path.join(tmpdir(), "underlay-apic-"));
  const state = StateFile.open(directory, "apic");
  const certificates = await labCertificates(directory, ["localhost"]);
  const faults = new Map(Object.entries(options.faults ?? {}));
  const { nodes = [] } = options;
  const fabric = await startFabric(options.spec ?? spec, { tls: certificates.server, state, faults, nodes });
  const agent = new Agent({ keepAlive: true, ca: certificates.ca });
  const bench: Bench = {
    fabric,
    directory,
    cookie: "",
    async login(controller = "apic1") {
      const answer = await bench.send("POST", "/api/aaaLogin.json", credentials(spec.username, spec.password), { controller });
      const [cookie] = [answer.headers["set-cookie"] ?? []].flat();
      if (cookie !== undefined) bench.cookie = cookie.split(";")[0] ?? "";
      return answer;
    },
    send(method, url, body, more = {}) {
      const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
      const cookie = more.cookie ?? bench.cookie;
      const headers = { ...(cookie === "" ? {} : { cookie }), "content-length": Buffer.byteLength(text) };
      const port = fabric.ports.get(more.controller ?? "apic1");
      return new Promise((resolve, reject) => {
        const call = request({ host: "127.0.0.1", port, method, path: url, headers, agent }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve(readAnswer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString())),
          );
        });
        call.on("error", reject);
        call.end(text);
      });
    },
    get: (url) => bench.send("GET", url),
    post: (url, body) => bench.send("POST", url, body),
    async attribute(dn, name) {
      return (await bench.get(`/api/mo/${dn}.json`)).objects[0]?.attributes[name];
    },
    async stop() {
      open.delete(bench);
      agent.destroy();
      await fabric.close();
    },
    async close() {
      await bench.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  open.add(bench);
  if (options.login !== false) await bench.login();
  return bench;
}

/** A login body. */
export function credentials(name: string, pwd: string): unknown {
  return { aaaUser: { attributes: { name, pwd } } };
}

/** A body for one object: `mo("fvTenant", { name: "T" }, child, child)`. */
export function mo(className: string, attributes: Record<string, string> = {}, ...children: readonly unknown[]): unknown {
  return { [className]: children.length === 0 ? { attributes } : { attributes, children } };
}

function readAnswer(status: number, headers: Answer["headers"], text: string): Answer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = {};
  }
  const body = isObject(parsed) ? parsed : {};
  const objects = readObjects(body.imdata);
  const error = objects.find((object) => object.className === "error")?.attributes ?? {};
  const { code = "", text: message = "" } = error;
  return { status, text, headers, totalCount: String(body.totalCount), objects, error: { code, text: message } };
}

function readObjects(list: unknown): readonly Found[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((object: unknown) =>
    Object.entries(isObject(object) ? object : {}).map(([className, body]) => ({
      className,
      attributes: readTexts(isObject(body) ? body.attributes : undefined),
      children: readObjects(isObject(body) ? body.children : undefined),
    })),
  );
}

function readTexts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([key, text]) => [key, String(text)]));
}
