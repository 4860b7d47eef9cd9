import { readFileSync } from "node:fs";
import { request } from "node:https";
import { parse } from "yaml";
import type { Json } from "../../runner/json.ts";
import { isKubeObject, type KubeObject, listAt, textAt } from "../kube/objects/kube-object.ts";

/** Where calicoctl keeps Calico's objects: the cluster's `crd.projectcalico.org/v1`, by plural kind and name. */
export interface Datastore {
  list(plural: string): Promise<readonly KubeObject[]>;
  get(plural: string, name: string): Promise<KubeObject | undefined>;
  create(plural: string, object: KubeObject): Promise<void>;
  replace(plural: string, object: KubeObject): Promise<void>;
  remove(plural: string, name: string): Promise<void>;
}

interface Answer {
  readonly code: number;
  readonly body: Json;
}

/**
 * The datastore of a kubeconfig's cluster, by bearer token, as the lab's kubeconfig has it.
 *
 * @param context of the kubeconfig; undefined: its current one
 * @throws Error in calicoctl's words when the kubeconfig cannot be read, or the cluster refuses
 */
export function openDatastore(kubeconfig: string, context: string | undefined): Datastore {
  const config: Json = parse(readFileSync(kubeconfig, "utf8"));
  const named = (list: string, name: string) => listAt(config, list).find((item) => textAt(item, "name") === name);
  const chosen = named("contexts", context ?? textAt(config, "current-context"));
  const cluster = named("clusters", textAt(chosen, "context", "cluster"));
  const token = textAt(named("users", textAt(chosen, "context", "user")), "user", "token");
  const base = `${textAt(cluster, "cluster", "server")}/apis/crd.projectcalico.org/v1`;
  const ca = Buffer.from(textAt(cluster, "cluster", "certificate-authority-data"), "base64");

  const ask = (method: string, path: string, body?: KubeObject): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const outgoing = request(`${base}/${path}`, { method, ca, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ code: response.statusCode ?? 0, body: asJson(Buffer.concat(chunks).toString()) }));
      });
      outgoing.on("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const must = async (answer: Promise<Answer>): Promise<Json> => {
    const { code, body } = await answer;
    if (code >= 400) throw new Error(textAt(body, "message") || `the server answered ${code}`);
    return body;
  };

  return {
    list: async (plural) => listAt(await must(ask("GET", plural)), "items").filter(isKubeObject),
    get: async (plural, name) => {
      const answer = await ask("GET", `${plural}/${name}`);
      if (answer.code === 404) return undefined;
      const found = await must(Promise.resolve(answer));
      return isKubeObject(found) ? found : undefined;
    },
    create: async (plural, object) => void (await must(ask("POST", plural, object))),
    replace: async (plural, object) => void (await must(ask("PUT", `${plural}/${object.metadata.name}`, object))),
    remove: async (plural, name) => void (await must(ask("DELETE", `${plural}/${name}`))),
  };
}

function asJson(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return { message: text };
  }
}
