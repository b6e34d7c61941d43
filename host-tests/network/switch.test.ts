import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { endAll, type Program } from "../agent/support/program.js";
import { waited } from "./support/cluster.js";
import { Network, type Faults, type Host } from "./support/network.js";

const PORT = 9000;
const COUNT = 300;
const TEXT = "datagram ";

/** Prints the datagrams that come, one a line. */
const RECEIVER = `
  const socket = require("dgram").createSocket("udp4");
  socket.on("message", (bytes) => console.log(JSON.stringify(bytes.toString("latin1"))));
  socket.bind(${PORT}, () => console.log("ready"));
`;

/** Sends numbered datagrams to an address, a few at a time. */
const SENDER = `
  const socket = require("dgram").createSocket("udp4");
  let sent = 0;
  const timer = setInterval(() => {
    if (sent >= ${COUNT}) return clearInterval(timer), socket.close();
    for (let i = 0; i < 10; i++) socket.send("${TEXT}" + String(sent++).padStart(3, "0"), ${PORT}, process.argv[1]);
  }, 10);
`;

describe.runIf(inject("hasNetworks"))("the switch", () => {
  let network: Network;
  let left: Host;
  let right: Host;
  beforeEach(async () => {
    network = await Network.open(2, 7);
    [left, right] = network.hosts;
    // Nobody has to ask for hardware addresses, so that each frame is a datagram.
    await left.ip(`neigh replace ${right.address} lladdr 02:00:00:00:00:01 dev eth0`);
    await right.ip(`neigh replace ${left.address} lladdr 02:00:00:00:00:00 dev eth0`);
  });
  afterEach(async () => {
    await endAll();
    await network.close();
  });

  async function receiver(host: Host): Promise<Program> {
    const program = host.start(process.execPath, ["-e", RECEIVER]);
    await program.untilPrinted("ready");
    return program;
  }

  /** What comes out on the right of the datagrams that go in on the left. */
  async function through(faults: Faults): Promise<string[]> {
    await network.link(left, right, faults);
    const program = await receiver(right);
    await left.start(process.execPath, ["-e", SENDER, right.address]).ended();
    const got = (): string[] =>
      program
        .lines()
        .slice(1)
        .map((line) => JSON.parse(line) as string);
    const expected = async (): Promise<number> => {
      const { frames, lost, duplicated } = await network.count();
      return frames - lost + duplicated;
    };
    const all = await expected();
    if ((await waited(() => got().length >= all, 10_000)) === undefined)
      throw new Error(`${got().length} of ${all} came: ${JSON.stringify(await network.count())}`);
    return got();
  }

  const sent = Array.from({ length: COUNT }, (_, i) => TEXT + String(i).padStart(3, "0"));

  test("passes-all-in-order-while-there-is-no-fault", async () => {
    expect(await through({})).toEqual(sent);
  });

  test("loses-some-and-the-same-ones-for-the-same-seed", async () => {
    const first = await through({ loss: 0.3 });
    expect(first.length).toBeGreaterThan(COUNT * 0.6);
    expect(first.length).toBeLessThan(COUNT * 0.8);
    // Written out: these are the ones that the seed 7 lets pass.
    expect(first.slice(0, 5).map((text) => text.slice(-3))).toEqual(["002", "003", "004", "006", "007"]);
  });

  test("passes-some-twice", async () => {
    const came = await through({ duplicate: 0.5 });
    expect(new Set(came)).toEqual(new Set(sent));
    expect(came.length).toBeGreaterThan(COUNT * 1.3);
  });

  test("changes-one-byte-and-programs-get-it", async () => {
    const came = await through({ corrupt: 1 });
    expect(came).toHaveLength(COUNT);
    const wrong = came.map((text, i) => [...text].filter((letter, at) => letter !== sent[i][at]).length);
    expect(new Set(wrong)).toEqual(new Set([1]));
  });

  test("delays-and-so-lets-later-ones-overtake", async () => {
    const came = await through({ delayMs: 30, reorder: 0.3, reorderMs: 40 });
    expect(came).not.toEqual(sent);
    expect([...came].sort()).toEqual(sent);
  });

  test("cuts-one-way-and-not-the-other", async () => {
    expect(await through({ cut: 1 })).toEqual([]);
    const back = await receiver(left);
    await right.start(process.execPath, ["-e", SENDER, left.address]).ended();
    await back.until("all came", () => back.lines().length === COUNT + 1);
  });

  test("refuses-what-it-does-not-know", async () => {
    await expect(network.linkAll({ loss: 1.5 })).rejects.toThrow("no such fault or value");
    await expect(network.linkAll({ lost: 1 } as Faults)).rejects.toThrow("no such fault or value");
  });
});
