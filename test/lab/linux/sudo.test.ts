import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connect, forget, makeKeys, NODE, once, run, startLab, stopAll } from "./lab-node.ts";

const keys = makeKeys();
const test = suite("sudo on lab nodes");
test.after(stopAll);
const LOCKED = { ...NODE, sudoPassword: "open sesame" };

test("without a password in the inventory sudo asks for none, and leaves the input to the command", async () => {
  const lab = await startLab(keys, [NODE]);
  assert.equal((await once(lab, NODE.name, "sudo -n -- tee /etc/motd", "one\n")).stdout, "one\n");
  assert.equal((await once(lab, NODE.name, "tee /etc/motd", "two\n")).stderr, "tee: /etc/motd: Permission denied\n");
  await lab.stop();
  forget(lab);
});

test("-n is refused, the right password is taken from the first line of the input", async () => {
  const lab = await startLab(keys, [LOCKED]);
  assert.equal(await once(lab, NODE.name, "sudo -n -- whoami"), {
    exitCode: 1,
    stdout: "",
    stderr: "sudo: a password is required\n",
  });
  assert.equal(await once(lab, NODE.name, "sudo -k -S -p '' -- tee /etc/motd", "open sesame\nhello\n"), {
    exitCode: 0,
    stdout: "hello\n",
    stderr: "",
  });
  await lab.stop();
  forget(lab);
});

test("a wrong password is refused in sudo's words", async () => {
  const lab = await startLab(keys, [LOCKED]);
  const wrong = await once(lab, NODE.name, "sudo -k -S -p '' -- whoami", "guess\n");
  assert.is(wrong.exitCode, 1);
  assert.equal(wrong.stderr, "Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n");
  await lab.stop();
  forget(lab);
});

test("the time stamp holds for a connection: only -k keeps the password out of the command's input", async () => {
  const lab = await startLab(keys, [LOCKED]);
  const client = await connect(lab, NODE.name);
  await run(client, "sudo -S -p '' -- true", "open sesame\n");
  assert.equal((await run(client, "sudo -S -p '' -- cat", "open sesame\ntext\n")).stdout, "open sesame\ntext\n");
  assert.equal((await run(client, "sudo -k -S -p '' -- cat", "open sesame\ntext\n")).stdout, "text\n");
  client.end();
  await lab.stop();
  forget(lab);
});

test("the prompt comes before the password is read", async () => {
  const lab = await startLab(keys, [LOCKED]);
  const client = await connect(lab, NODE.name);
  const answer = await new Promise<string>((resolve, reject) => {
    client.exec("sudo -k -S -p 'say it:' -- cat", (error, channel) => {
      if (error) return reject(error);
      let stdout = "";
      channel.on("data", (data: Buffer) => (stdout += data.toString()));
      channel.stderr.once("data", (data: Buffer) => channel.end(`open sesame\n${data.toString()}`));
      channel.on("close", () => resolve(stdout));
    });
  });
  assert.is(answer, "say it:");
  client.end();
  await lab.stop();
  forget(lab);
});

test.run();
