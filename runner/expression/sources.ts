import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Secret } from "../secret.ts";
import { Refusal } from "./refusal.ts";

/**
 * `env('X')` and `file('path')`: a secret from outside. The same name always gives the same Secret.
 * Both refuse, naming what is missing, never what is in it.
 */
export interface SecretSources {
  env(name: unknown): Secret | Refusal;
  /** `directory`: where the file that holds the expression lies. The last line break is not part of the secret. */
  file(name: unknown, directory: string): Secret | Refusal;
}

export function createSecretSources(secrets: Set<Secret>): SecretSources {
  const known = new Map<string, Secret>();
  const keep = (key: string, text: string): Secret => {
    const secret = known.get(key) ?? new Secret(text);
    known.set(key, secret);
    secrets.add(secret);
    return secret;
  };
  return {
    env(name) {
      if (typeof name !== "string") return new Refusal("env() needs the name of an environment variable");
      const text = process.env[name];
      return text === undefined ? new Refusal(`environment variable ${name} is not set`) : keep(`env ${name}`, text);
    },
    file(name, directory) {
      if (typeof name !== "string") return new Refusal("file() needs the path of a file");
      const expanded = name.startsWith("~/") ? path.join(os.homedir(), name.slice(2)) : name;
      const file = path.resolve(directory, expanded);
      try {
        return keep(`file ${file}`, readFileSync(file, "utf8").replace(/\r?\n$/, ""));
      } catch {
        return new Refusal(`file ${name} cannot be read`);
      }
    },
  };
}
