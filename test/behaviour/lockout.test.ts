import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { byHand } from "../support/by-hand.ts";
import { workplace } from "../support/command.ts";

/** A change that cuts a node off is taken back by the node itself, and the task says so (issue Show 5). */
const test = suite("lockout");
const place = workplace();
test.after(() => place.remove());

test("an address that nobody can reach: back on the old configuration within the time limit", async () => {
  const playbook = path.join(place.directory, "cut-off.yaml");
  writeFileSync(
    playbook,
    `- name: Cut off
  hosts: worker-1
  tasks:
    - name: An address outside of everything
      node.network:
        bond: bond0
        interfaces: "{{ interfaces }}"
        vlan: "{{ vlan }}"
        mtu: 9000
        addresses: [172.30.99.9/24]
        gateways: [172.30.99.1]
        timeout: 10
`,
  );
  const lab = await place.labUp();
  const hand = byHand(lab.endpoints, { username: "admin", password: "lab-only-apic-password" });
  const state = async () => {
    const links: { ifname: string; mtu: number; addr_info: { local: string; prefixlen: number }[] }[] = JSON.parse(
      await hand.ssh("worker-1", "underlay", "ip -j -4 addr"),
    );
    return links
      .filter((link) => link.addr_info.length > 0)
      .map(
        ({ ifname, mtu, addr_info: addresses }) =>
          `${ifname} ${mtu} ${addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`)}`,
      );
  };
  const files = () => hand.ssh("worker-1", "underlay", "sudo cat /etc/netplan/50-cloud-init.yaml");
  try {
    const [before, file] = [await state(), await files()];
    const outcome = await place.underlay(["run", playbook, "--output", "json"]);
    assert.is(outcome.code, 2, outcome.stdout.slice(-3000) + outcome.stderr);
    const failure = JSON.stringify(outcome.events.filter((event) => event.event === "result"));
    assert.match(failure, /rolled back|old configuration/i);
    assert.equal(await state(), before, "addresses as before");
    assert.is(await files(), file, "files as before");
    const left = (await hand.ssh("worker-1", "underlay", "ls /etc/netplan")).trim().split("\n");
    assert.equal(
      left.filter((name) => name.endsWith(".yaml")),
      ["50-cloud-init.yaml"],
      "what netplan reads is as before",
    );
  } finally {
    await lab.stop();
  }
});

test.run();
