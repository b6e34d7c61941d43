import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { endAll, xswim } from "./support/program.js";

afterAll(endAll);

const WRONG: Record<string, [flags: string[], says: RegExp]> = {
  "no-command": [[], /Usage: xswim/],
  "an-unknown-command": [["agnet"], /unknown command 'agnet'/],
  "an-address-without-a-port": [
    ["agent", "127.0.0.1"],
    /value '127\.0\.0\.1' is invalid for argument 'BIND_ADDR'/,
  ],
  "a-name-for-an-address": [
    ["agent", "localhost:7000"],
    /'localhost:7000' is invalid.*IP address and a port/,
  ],
  "a-port-beyond-65535": [["agent", "127.0.0.1:65536"], /port from 1 to 65535/],
  "port-zero": [["agent", "127.0.0.1:0"], /port from 1 to 65535/],
  "ipv6-without-brackets": [["agent", "::1:7000"], /such as 127\.0\.0\.1:8080 or \[::1\]:8080/],
  "ipv4-in-brackets": [["agent", "[127.0.0.1]:7000"], /is invalid for argument 'BIND_ADDR'/],
  "a-second-address": [["agent", "127.0.0.1:7000", "127.0.0.1:7001"], /too many arguments.*got 2/],
  "a-bad-seed": [["agent", "127.0.0.1:7000", "-a", "x"], /'-a, --announce <ADDR>' argument 'x' is invalid/],
  "a-bad-second-seed": [
    ["agent", "127.0.0.1:7000", "-a", "127.0.0.1:1", "-a", "y"],
    /argument 'y' is invalid/,
  ],
  "a-bad-identity": [
    ["agent", "127.0.0.1:7000", "-i", "x"],
    /'-i, --identity <ADDR>' argument 'x' is invalid/,
  ],
  "an-identity-that-stands-for-all": [["agent", "0.0.0.0:7000", "-i", "0.0.0.0:7000"], /cannot reach/],
  "an-ipv6-seed-of-an-ipv4-agent": [
    ["agent", "127.0.0.1:7000", "-a", "[::1]:1"],
    /is IPv6, but BIND_ADDR is IPv4/,
  ],
  "an-ipv4-identity-of-an-ipv6-agent": [
    ["agent", "[::1]:7000", "-i", "127.0.0.1:1"],
    /is IPv4, but BIND_ADDR is/,
  ],
  "an-unknown-codec": [
    ["agent", "127.0.0.1:7000", "--codec", "json"],
    /Allowed choices are bincode, postcard/,
  ],
  "unknown-settings": [
    ["agent", "127.0.0.1:7000", "--config", "man"],
    /Allowed choices are lan, wan, wifi, simple/,
  ],
  "an-empty-cluster": [["agent", "127.0.0.1:7000", "--cluster-size", "0"], /number of members, 1 or more/],
  "a-cluster-of-many-words": [["agent", "127.0.0.1:7000", "--cluster-size", "10e"], /number of members/],
  "an-unknown-level": [["agent", "127.0.0.1:7000", "--log-level", "all"], /Allowed choices are trace, debug/],
  "an-unknown-option": [["agent", "127.0.0.1:7000", "--jsno"], /unknown option '--jsno'.*--json/s],
  "an-unknown-sealing": [
    ["agent", "127.0.0.1:7000", "--key-file", "x", "--sealing", "on"],
    /Allowed choices are off, accept, send, require/,
  ],
  "a-sealing-without-keys": [
    ["agent", "127.0.0.1:7000", "--sealing", "accept"],
    /--sealing accept: there are no keys to seal with; give --key-file, too/,
  ],
  "an-id-of-a-key-beyond-15": [["keygen", "--id", "16"], /argument '16' is invalid.*number from 0 to 15/],
  "a-value-that-is-missing": [["agent", "127.0.0.1:7000", "-f"], /'-f, --filename <FILE>' argument missing/],
};

test.concurrent.each(Object.entries(WRONG))(
  "says-which-argument-is-wrong-and-ends-with-2: %s",
  async (_, row) => {
    const [flags, says] = row;
    const program = xswim(...flags);
    expect(await program.ended()).toBe(2);
    expect(program.stderr).toMatch(says);
    expect(program.stdout).toBe("");
  },
);

test("tells-its-version-and-its-use", async () => {
  const { version } = JSON.parse(readFileSync("agent/package.json", "utf8")) as { version: string };
  const asked = [xswim("--version"), xswim("--help"), xswim("agent", "--help"), xswim("demo", "--help")];
  for (const program of asked) expect(await program.ended()).toBe(0);
  expect(asked[0].stdout).toBe(version + "\n");
  expect(asked[1].stdout).toMatch(/Usage: xswim .*agent \[options\] \[BIND_ADDR\].*demo/s);
  for (const flag of [
    "--identity",
    "--announce",
    "--filename",
    "--codec",
    "--config",
    "--key-file",
    "--sealing",
    "--json",
  ]) {
    expect(asked[2].stdout).toContain(flag);
  }
  expect(asked[3].stdout).toContain("no terminal");
});

test("says-that-the-port-is-in-use-and-ends-with-1", async () => {
  const taken = createSocket("udp4").bind(0, "127.0.0.1");
  await once(taken, "listening");
  const address = "127.0.0.1:" + taken.address().port;
  const program = xswim("agent", address, "--json");
  expect(await program.ended()).toBe(1);
  taken.close();
  expect(program.stderr).toBe("xswim agent: cannot bind " + address + ": the port is in use\n");
  expect(program.stdout).toBe("");
});

test("says-that-the-machine-does-not-have-the-address-and-ends-with-1", async () => {
  // 203.0.113.0/24 is for documentation (RFC 5737).
  const program = xswim("agent", "203.0.113.7:7000");
  expect(await program.ended()).toBe(1);
  expect(program.stderr).toContain("cannot bind 203.0.113.7:7000: this machine does not have that address");
});
