import { Ajv } from "ajv";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../tasks/index.ts";

/** The checker itself trusts the schemas of task types (runner/schema.ts). */
const test = suite("schemas of task types");

test("every schema is valid JSON Schema", () => {
  const ajv = new Ajv({ strict: false });
  assert.ok(registry.size > 20);
  for (const [name, { args }] of registry) assert.ok(ajv.validateSchema(args), `${name}: ${ajv.errorsText()}`);
});

test.run();
