import ssh2 from "ssh2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeSshKey } from "../../../lab/ssh-key.ts";

const test = suite("SSH keys of the lab");

// One in 256 of ssh2's own cannot be read: a thousand without one would be luck of 1 in 50.
test("every key that is made can be read again", () => {
  for (let count = 0; count < 1000; count += 1) {
    const pair = makeSshKey();
    const key = ssh2.utils.parseKey(pair.public);
    assert.not.instance(key, Error);
    const privateKey = ssh2.utils.parseKey(pair.private);
    assert.ok(!(privateKey instanceof Error) && !(key instanceof Error));
    assert.ok(privateKey.getPublicSSH().equals(key.getPublicSSH()));
  }
});

test.run();
