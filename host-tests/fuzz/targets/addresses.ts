// Texts that people and files give: addresses, names of hosts, ports, numbers.
import { isIPv4, isIPv6 } from "node:net";
import { InvalidArgumentError } from "commander";
import { bincode, postcard } from "../../../core/codec.js";
import { parseEndpoint, plain, plainV4, renewableAddr } from "../../../core/identity.js";
import { formatIpv6, parseIpv4, parseIpv6, splitHostPort } from "../../../core/ip.js";
import { socketAddr as schema, type SocketAddr } from "../../../core/socket-addr.js";
import { checkHost, checkHostPort, hostPort } from "../../../platform/shared/addresses.js";
import { checkCluster } from "../../../platform/shared/beacon.js";
import { checkKeys } from "../../../platform/shared/cluster-keys.js";
import {
  broadcastAddress,
  checkBindAddress,
  defaultAdvertise,
  isDirectedBroadcast,
  isWildcard,
} from "../../../platform/node/addresses.js";
import { collectConfig } from "../../../agent/src/agent/config-file.js";
import {
  collectSeed,
  parseBump,
  parseCluster,
  parseClusterSize,
  parsePort,
  parseSocketAddress,
} from "../../../agent/src/agent/settings.js";
import { isLoopback } from "../../../agent/src/server/http-address.js";
import type { Dice } from "../engine/dice.js";
import { must, type Input, type Target } from "../engine/target.js";

const socketAddr = schema as SocketAddr;

const EXAMPLES = [
  "192.168.1.10:7946",
  "[fe80::1]:7946",
  "[::ffff:10.0.0.1]:65535",
  "1:2:3:4:5:6:7:8",
  "::",
  "255.255.255.255:0",
  "lamp.local:7946",
  "localhost",
  "fe80::1%eth0",
  "0.0.0.0",
  "18446744073709551615",
  "./config.json",
  "wifi",
  "000102030405060708090a0b0c0d0e0f",
];
const LETTERS = "0123456789abcdefF.:[]%-/ ";

class Addresses implements Target {
  readonly name = "addresses";
  readonly about =
    "addresses, names of hosts, ports and numbers as text, of the library and of the command line";
  readonly covers = [
    "core/ip.ts",
    "core/socket-addr.ts",
    "platform/shared/addresses.ts",
    "platform/node/addresses.ts",
    "agent/src/agent/settings.ts",
  ];
  readonly maxRecords = 1;
  readonly maxLength = 64;
  readonly dictionary = [
    ...EXAMPLES,
    "::",
    "]:",
    "::ffff:",
    "65535",
    "65536",
    "255",
    "256",
    "0x",
    "\u00a0",
    "\u0661",
  ].map((text) => Uint8Array.from(Buffer.from(text)));
  readonly tally = { addresses: 0 };

  seeds(): Input[] {
    return EXAMPLES.map((text) => [Uint8Array.from(Buffer.from(text))]);
  }

  mutate(record: Uint8Array, _index: number, dice: Dice): Uint8Array | undefined {
    const at = dice.below(record.length + 1);
    const letter = LETTERS.charCodeAt(dice.below(LETTERS.length));
    if (dice.oneIn(2) && at < record.length) return record.with(at, letter);
    return Uint8Array.from([...record.subarray(0, at), letter, ...record.subarray(at)]);
  }

  run([record]: Input): void {
    const text = Buffer.from(record).toString("utf8");
    this.ips(text);
    this.endpoints(text);
    this.checks(text);
    this.commandLine(text);
  }

  private ips(text: string): void {
    const out = new Uint8Array(18).fill(0xa5);
    must(parseIpv4(text, out, 1) === isIPv4(text), "parseIpv4 is at one with the system");
    must(out[0] === 0xa5 && out[5] === 0xa5, "an IPv4 address has four octets");
    out.fill(0xa5);
    const isV6 = parseIpv6(text, out, 1);
    if (!text.includes("%")) must(isV6 === isIPv6(text), "parseIpv6 is at one with the system");
    must(out[0] === 0xa5 && out[17] === 0xa5, "an IPv6 address has sixteen octets");
    if (!isV6) return;
    const canonical = formatIpv6(out, 1);
    const again = new Uint8Array(16);
    must(parseIpv6(canonical, again, 0), "what is formatted is an address");
    must(Buffer.compare(again, out.subarray(1, 17)) === 0, "it has the same octets");
    if (!canonical.includes("."))
      must(new URL("http://[" + text + "]/").hostname === "[" + canonical + "]", "it is what a URL says");
  }

  private endpoints(text: string): void {
    const parts = splitHostPort(text);
    if (parts === undefined)
      must(threw(() => parseEndpoint(text)) instanceof TypeError, "parseEndpoint refuses it");
    else {
      const { address, port } = parseEndpoint(text);
      must(address === parts.host && port === parts.port && port >= 0 && port <= 65535, "parseEndpoint");
    }
    for (const { dialect } of [bincode, postcard]) {
      const out = new Uint8Array(socketAddr.maxLength(dialect) + 1).fill(0xa5);
      let end = 0;
      const error = threw(() => (end = socketAddr.write(dialect, text, out, 0)));
      must(error === undefined || error instanceof TypeError, "an address is refused by a TypeError");
      if (error !== undefined) continue;
      this.tally.addresses++;
      must(socketAddr.skip(dialect, out, 0, end) === end, "what is written is canonical");
      const read = socketAddr.read(dialect, out, 0);
      const again = new Uint8Array(out.length);
      must(socketAddr.write(dialect, read, again, 0) === end, "what is read is written again");
      const { address, port } = socketAddr.endpoint(dialect, out, 0);
      must(hostPort(address, port) === read, "hostPort puts together what endpoint took apart");
      for (const type of [plain, renewableAddr]) must(type.at?.(text, 1) !== undefined, "at");
      void plainV4.at?.(text, 1);
    }
  }

  private checks(text: string): void {
    for (const check of [checkHost, checkHostPort, checkCluster]) {
      const error = threw(() => check("here", text));
      must(error === undefined || /^here/.test(error.message), "a check says where");
      must(
        error === undefined || error instanceof TypeError || error instanceof RangeError,
        "a check's error",
      );
    }
    const bindError = threw(() => checkBindAddress(text));
    must(bindError === undefined || bindError instanceof TypeError, "an address to bind");
    isWildcard(text);
    isLoopback(text);
    const info = { address: text, netmask: "255.255.255.0", family: "IPv4", internal: false };
    if (isIPv4(text)) must(isIPv4(broadcastAddress(info) ?? "0.0.0.0"), "a broadcast address");
    isDirectedBroadcast(text, { eth0: [info] });
    defaultAdvertise(undefined, { eth0: [info] });
    const keyError = threw(() => checkKeys([{ id: 3, secret: text }]));
    must(
      keyError === undefined || !keyError.message.includes(text) || text.length < 12,
      "an error shows a key",
    );
  }

  private commandLine(text: string): void {
    const choice = { name: "lan", isNamed: false } as const;
    const parsers = [
      parseSocketAddress,
      (each: string) => collectSeed(each, []),
      parsePort,
      parseBump,
      parseCluster,
      parseClusterSize,
      (each: string) => collectConfig(each, choice),
    ];
    for (const parse of parsers) {
      const error = threw(() => parse(text));
      must(
        error === undefined || error instanceof InvalidArgumentError,
        "the command line refuses it: " + String(error),
      );
    }
    if (threw(() => parseSocketAddress(text)) !== undefined) return;
    const out = new Uint8Array(32);
    must(
      threw(() => socketAddr.write(bincode.dialect, text, out, 0)) === undefined,
      "an address of the command line is an identity's",
    );
  }
}

function threw(call: () => unknown): Error | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

export const addresses: Target = new Addresses();
