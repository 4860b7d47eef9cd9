import { Agent } from "node:https";
import axios from "axios";

/** A request as a script would send it. */
export interface BareRequest {
  readonly method: "GET" | "POST";
  /** Path and query. */
  readonly path: string;
  /** JSON text; empty for a GET. */
  readonly body: string;
}

/** Where and as whom. */
export interface BareLogin {
  readonly port: number;
  /** PEM text. */
  readonly ca: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The script that one would write instead: log in, send the requests one after the other over one kept-alive connection, look at each
 * status, read each answer as JSON, log out.
 */
export async function bareSession({ port, ca, username, password }: BareLogin, requests: readonly BareRequest[]): Promise<void> {
  const httpsAgent = new Agent({ keepAlive: true, ca });
  const client = axios.create({ baseURL: `https://127.0.0.1:${port}`, httpsAgent, proxy: false, validateStatus: () => true });
  const login = { aaaUser: { attributes: { name: username, pwd: password } } };
  const entered = await client.post("/api/aaaLogin.json", login);
  const headers = { Cookie: `APIC-cookie=${entered.data.imdata[0].aaaLogin.attributes.token}` };
  for (const { method, path, body } of requests) {
    const answer = await client.request({ method, url: path, headers, ...(method === "POST" ? { data: body } : {}) });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.data)}`);
  }
  await client.post("/api/aaaLogout.json", { aaaUser: { attributes: { name: username } } }, { headers });
  httpsAgent.destroy();
}
