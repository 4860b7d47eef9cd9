import { readFileSync } from "node:fs";
import https from "node:https";
import { execa } from "execa";
import ssh2 from "ssh2";
import type { LabEndpoints } from "../../lab/lab.ts";

/** What a person does to a running lab behind underlay's back, with the ordinary clients: REST, ssh, kubectl. */
export interface ByHand {
  /** POSTs a tree to the first controller. */
  apic(path: string, body: unknown): Promise<void>;
  /** GETs from the first controller; the parsed answer. */
  apicGet(path: string): Promise<unknown>;
  /** Runs a command line on a node, as the login user. */
  ssh(node: string, user: string, command: string): Promise<string>;
  kubectl(args: readonly string[], input?: string): Promise<string>;
}

/** Clients for a running lab. `login` is the APIC user of its inventory. */
export function byHand(endpoints: LabEndpoints, login: { readonly username: string; readonly password: string }): ByHand {
  const ca = readFileSync(endpoints.caFile);
  const port = Object.values(endpoints.apics)[0];
  let cookie = "";
  const request = (method: string, path: string, body?: unknown) =>
    new Promise<{ status: number; text: string; cookie: string }>((resolve, reject) => {
      const sent = https.request(
        { host: endpoints.address, port, path, method, ca, headers: cookie === "" ? {} : { cookie } },
        (answer) => {
          let text = "";
          answer.on("data", (data: Buffer) => (text += data.toString()));
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, text, cookie: answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? "" }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const signIn = async () => {
    if (cookie !== "") return;
    const answer = await request("POST", "/api/aaaLogin.json", {
      aaaUser: { attributes: { name: login.username, pwd: login.password } },
    });
    if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.text}`);
    cookie = answer.cookie;
  };
  return {
    apic: async (path, body) => {
      await signIn();
      const answer = await request("POST", path, body);
      if (answer.status !== 200) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    },
    apicGet: async (path) => {
      await signIn();
      const answer = await request("GET", path);
      if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
      return JSON.parse(answer.text);
    },
    ssh: (node, user, command) =>
      new Promise((resolve, reject) => {
        const client = new ssh2.Client();
        client.on("error", reject);
        client.on("ready", () =>
          client.exec(command, (error, stream) => {
            if (error) return reject(error);
            let text = "";
            stream.on("data", (data: Buffer) => (text += data.toString()));
            stream.stderr.on("data", (data: Buffer) => (text += data.toString()));
            stream.on("close", (code: number) => {
              client.end();
              if (code === 0) resolve(text);
              else reject(new Error(`${command}: exit ${code}: ${text}`));
            });
          }),
        );
        client.connect({
          host: endpoints.address,
          port: endpoints.nodes[node] ?? 0,
          username: user,
          privateKey: readFileSync(endpoints.sshKeyFile),
        });
      }),
    kubectl: async (args, input) => {
      const done = await execa(
        endpoints.kubectl,
        ["--kubeconfig", endpoints.kubeconfig, ...args],
        input === undefined ? {} : { input },
      );
      return done.stdout;
    },
  };
}
