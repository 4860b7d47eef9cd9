import { isObject } from "../../runner/json.ts";
import { denied, good, type Outcome, refused, type WireObject } from "./answer.ts";
import { timestamp } from "./object.ts";
import { localName } from "./seeds.ts";
import { MAXIMUM_LIFETIME_S, REFRESH_TIMEOUT_S, type Session, sameSecret } from "./session.ts";
import type { Tree } from "./tree.ts";

/** The local user that a login body names and whose password it knows (aci-objects 1.1). */
export function checkLogin(tree: Tree, body: string): Outcome<string> {
  const credentials = readUser(body);
  if (credentials === undefined) return refused("400", "JSON parsing failed - invalid data at line '1'");
  const user = localName(credentials.name);
  const account = tree.get(`uni/userext/user-${user}`);
  const password = account?.secure.pwd;
  const active = account?.attributes.accountStatus === "active";
  if (!active || password === undefined || !sameSecret(password, credentials.pwd)) return wrongPassword();
  return good(user);
}

/** The refusal of releases up to 5.x (aci-objects 1.8). */
export function wrongPassword(): ReturnType<typeof denied> {
  return denied(401, "Username or password is incorrect - FAILED local authentication");
}

/** User and password in an aaaUser body. */
function readUser(body: string): { readonly name: string; readonly pwd: string } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const user = isObject(parsed) ? parsed.aaaUser : undefined;
  const attributes = isObject(user) ? user.attributes : undefined;
  if (!isObject(attributes) || typeof attributes.name !== "string") return undefined;
  return { name: attributes.name, pwd: typeof attributes.pwd === "string" ? attributes.pwd : "" };
}

/** The answer to a login or a refresh from a controller (aci-objects 1.1). */
export function loginAnswer(session: Session, controllerId: number, release: string): WireObject {
  const attributes = {
    buildTime: "Tue Nov 22 17:10:13 UTC 2022",
    changePassword: "no",
    creationTime: String(Math.floor(Date.now() / 1000)),
    firstLoginTime: String(Math.floor(session.firstLogin.getTime() / 1000)),
    firstName: "",
    guiIdleTimeoutSeconds: "1200",
    lastName: "",
    maximumLifetimeSeconds: String(MAXIMUM_LIFETIME_S),
    node: `topology/pod-1/node-${controllerId}`,
    refreshTimeoutSeconds: String(REFRESH_TIMEOUT_S),
    remoteUser: "false",
    restTimeoutSeconds: "90",
    sessionId: session.sessionId,
    siteFingerprint: "lab",
    token: session.token,
    unixUserId: "15374",
    userName: session.user,
    version: release,
  };
  const roles = ["aaaReadRoles", "aaaWriteRoles"].map((role): WireObject => ({ [role]: { attributes: {} } }));
  return { aaaLogin: { attributes, children: [{ aaaUserDomain: { attributes: { name: "all" }, children: roles } }] } };
}

/** What `aaaListDomains` tells anybody: the local domain only. */
export function loginDomains(): readonly WireObject[] {
  return [{ aaaLoginDomain: { attributes: { name: "DefaultAuth", type: "DefaultAuth", modTs: timestamp() } } }];
}
