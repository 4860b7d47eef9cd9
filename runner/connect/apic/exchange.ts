import type { Agent } from "node:https";
import type { AxiosInstance } from "axios";
import type { ApicOptions, Controller } from "./options.ts";

/** One request as it leaves: the path with its query is sent byte for byte, because a signature covers it. */
export interface Outgoing {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body: string;
  readonly cookie: string;
  readonly timeoutMs: number;
}

/** What came back: an answer of whatever status, or nothing because the connection failed. */
export type Incoming =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  /** `code` is the system's or TLS's name for it: `ECONNREFUSED`, `ECONNRESET`, `SELF_SIGNED_CERT_IN_CHAIN`. */
  | { readonly kind: "broken"; readonly code: string; readonly message: string };

/** Sends requests over kept-alive HTTPS connections. */
export interface Exchange {
  send(controller: Controller, outgoing: Outgoing): Promise<Incoming>;
  close(): void;
}

/** The most requests under way at once: controllers limit what one client may ask for (facts 1.9). */
export const CONCURRENT_REQUESTS = 4;

/**
 * HTTPS by axios. axios' errors stay in here: they hold bodies, headers and cookies, so only their code and message leave
 * (design section 7).
 */
export function openExchange(options: Pick<ApicOptions, "ca" | "validateCertificates">): Exchange {
  let opened: Promise<{ client: AxiosInstance; agent: Agent }> | undefined;
  return {
    send: async (controller, outgoing) => {
      opened ??= connect(options);
      const { client } = await opened;
      try {
        const reply = await client.request<string>({
          method: outgoing.method,
          url: addressOf(controller, outgoing.path),
          timeout: outgoing.timeoutMs,
          headers: {
            ...(outgoing.cookie === "" ? {} : { Cookie: outgoing.cookie }),
            ...(outgoing.method === "POST" ? { "Content-Type": "application/json" } : {}),
          },
          ...(outgoing.method === "POST" ? { data: outgoing.body } : {}),
        });
        return { kind: "answer", status: reply.status, body: reply.data };
      } catch (error) {
        return brokenBy(error);
      }
    },
    close: () => {
      void opened?.then(({ agent }) => agent.destroy());
    },
  };
}

async function connect(
  options: Pick<ApicOptions, "ca" | "validateCertificates">,
): Promise<{ client: AxiosInstance; agent: Agent }> {
  const [{ default: axios }, https] = await Promise.all([import("axios"), import("node:https")]);
  const agent = new https.Agent({
    keepAlive: true,
    maxSockets: CONCURRENT_REQUESTS,
    rejectUnauthorized: options.validateCertificates,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const client = axios.create({
    httpsAgent: agent,
    proxy: false,
    maxRedirects: 0,
    responseType: "text",
    transformRequest: (data: unknown) => data,
    transformResponse: (data: unknown) => data,
    validateStatus: () => true,
  });
  return { client, agent };
}

function addressOf(controller: Controller, path: string): string {
  const host = controller.host.includes(":") ? `[${controller.host}]` : controller.host;
  return `https://${host}:${controller.port}${path}`;
}

function brokenBy(error: unknown): Incoming {
  if (!(error instanceof Error)) return { kind: "broken", code: "", message: "the connection failed" };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return { kind: "broken", code, message: error.message };
}
