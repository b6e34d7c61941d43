import { createSocket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { afterEach, expect, test } from "vitest";
import { Metric, renewableV4, type HeaderValue, type Renewable, type Status } from "../../core/index.js";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { SwimNode } from "../../platform/node/index.js";
import { encode } from "../support/wire.js";
import { closeAll, freePort, Heard } from "./support/nodes.js";
import { endAll, Program } from "../agent/support/program.js";
import { until } from "./support/until.js";

const HAS_IPV6 = Object.values(networkInterfaces()).some((infos) =>
  infos?.some(({ address }) => address === "::1"),
);
afterEach(closeAll);
afterEach(endAll);

async function pair(): Promise<[Heard, Heard]> {
  const [first, second] = await freePorts(2, "127.0.0.1");
  const a = new Heard(first);
  const b = new Heard(second, { seeds: [a.address] });
  await until("both know each other", () => a.node.swim.numMembers + b.node.swim.numMembers === 2);
  return [a, b];
}

test("two-nodes-find-each-other-by-a-seed", async () => {
  const [a, b] = await pair();
  await until("both told", () => a.told.length >= 2 && b.told.length >= 2);
  expect(a.told).toEqual(["ready", "up " + b.address]);
  expect(b.told).toEqual(["ready", "up " + a.address]);
  expect(a.node.members()).toEqual([{ identity: b.node.identity, incarnation: 0, state: "Alive" }]);
});

test("has-the-seconds-since-the-epoch-as-bump-when-none-is-given", async () => {
  const before = Math.floor(Date.now() / 1000);
  const { node, address } = new Heard(await freePort());
  const { addr, bump } = node.identity;
  expect(addr).toBe(address);
  expect(Number(bump)).toBeGreaterThanOrEqual(before);
  expect(Number(bump)).toBeLessThanOrEqual(Date.now() / 1000);
});

test("keeps-calling-a-seed-that-is-not-there-yet", async () => {
  const [first, second] = await freePorts(2, "127.0.0.1");
  const early = new Heard(first, { seeds: ["127.0.0.1:" + second] });
  const announces = (): number => early.node.swim.metrics[Metric.SentPing + 6];
  await until("the second call", () => announces() >= 2);
  const late = new Heard(second);
  await until("they met", () => late.told.includes("up " + early.address));
});

test("who-leaves-is-known-to-be-gone-without-being-suspected", async () => {
  const [a, b] = await pair();
  b.node.leave();
  b.node.close();
  await until("a knows", () => a.told.includes("down " + b.address));
  expect(a.node.swim.metrics[Metric.Expirations]).toBe(0);
});

test("who-is-closed-without-leaving-is-found-down", async () => {
  const [a, b] = await pair();
  b.node.close();
  await until("a knows", () => a.told.includes("idle"));
  expect(a.told.slice(-2)).toEqual(["down " + b.address, "idle"]);
  expect(a.node.swim.metrics[Metric.Expirations]).toBe(1);
});

test("a-publication-reaches-the-others-with-its-address", async () => {
  const [a, b] = await pair();
  expect(a.node.broadcast(new TextEncoder().encode("21 °C"))).toBe(true);
  await until("b hears", () => b.told.includes(a.address + " says 21 °C"));
  expect(a.told.some((line) => line.includes("says"))).toBe(false);
});

test("after-leaving-an-echo-of-it-does-not-bring-a-node-back", async () => {
  let received = 0;
  class Counting extends SwimNode<Renewable> {
    protected override receive(bytes: Uint8Array, start: number, end: number): Status | undefined {
      received++;
      return super.receive(bytes, start, end);
    }
  }
  const port = await freePort();
  const identity = { addr: "10.0.0.1:7000", bump: 5 };
  const a = new Heard(port, { identity, identityType: renewableV4 }, Counting);
  const socket = createSocket("udp4");
  const send = (kind: "Gossip" | "TurnUndead", updates: string[]): void => {
    socket.send(encode({ from: "2.1", incarnation: 0, to: "1.5", kind, updates, broadcasts: [] }), port);
  };
  await until("it is ready", () => a.told.includes("ready"));
  send("Gossip", []);
  await until("it knows the other", () => a.told.includes("up 10.0.0.2:7000"));
  a.node.leave();
  send("Gossip", ["Down 1.5@0"]);
  send("TurnUndead", []);
  await until("both came", () => received === 3);
  socket.close();
  await until("it told", () => a.told.includes("defunct"));
  expect(a.told).not.toContain("rejoin");
  expect(a.node.identity).toEqual(identity);
  expect(a.node.swim.isDefunct).toBe(true);
});

test("a-port-in-use-is-reported-before-anything-is-ready", async () => {
  const taken = createSocket("udp4").bind(0, "127.0.0.1");
  await once(taken, "listening");
  const node = new Heard(taken.address().port, { seeds: ["127.0.0.1:9"] });
  expect(node.errors).toEqual([]);
  await until("it is told", () => node.errors.length > 0);
  taken.close();
  expect(node.errors).toEqual([expect.objectContaining({ code: "EADDRINUSE" })]);
  expect(node.told).toEqual([]);
  expect(node.node.socketErrors).toBe(1);
});

test("a-send-that-fails-is-counted-told-and-survived", async () => {
  const [first, second] = await freePorts(2, "127.0.0.1");
  const b = new Heard(second);
  // An IPv4 socket reaches no IPv6 address.
  const seeds = ["[::1]:7946", { addr: "[::2]:7946", bump: 0 }, b.address];
  const a = new Heard(first, { seeds });
  await until("it joined", () => a.told.includes("up " + b.address));
  await until("both were told", () => a.errors.length >= 2);
  expect(a.node.socketErrors).toBe(a.errors.length);
  expect(b.node.socketErrors).toBe(0);
});

test("a-port-in-use-is-tried-again-until-it-is-free", async () => {
  const taken = createSocket("udp4").bind(0, "127.0.0.1");
  await once(taken, "listening");
  const other = new Heard(await freePort());
  const node = new Heard(taken.address().port, { seeds: [other.address] });
  await until("it is told twice", () => node.errors.length >= 2);
  taken.close();
  await until("it joined", () => other.told.includes("up " + node.address));
  expect(node.told[0]).toBe("ready");
  expect(String(node.errors[1])).toContain("EADDRINUSE " + node.address);
});

test("a-port-in-use-is-said-once-in-a-warning-when-there-is-no-onError", async () => {
  const warnings: string[] = [];
  const hear = (warning: Error): void => void warnings.push(String(warning));
  process.on("warning", hear);
  const taken = createSocket("udp4").bind(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address();
  const node = new SwimNode({ port, address: "127.0.0.1" });
  await until("it failed twice", () => node.socketErrors >= 2);
  node.close();
  taken.close();
  process.off("warning", hear);
  const said = warnings.filter((text) => text.includes("SwimNode"));
  expect(said).toEqual([expect.stringContaining("EADDRINUSE 127.0.0.1:" + port)]);
});

test("a-port-that-could-not-be-bound-is-not-tried-after-close", async () => {
  const taken = createSocket("udp4").bind(0, "127.0.0.1");
  await once(taken, "listening");
  const node = new Heard(taken.address().port);
  await until("it is told", () => node.errors.length > 0);
  node.node.close();
  taken.close();
  const next = new Heard(Number(node.address.split(":")[1]));
  await until("another has it", () => next.told.includes("ready"));
  expect(node.told).toEqual([]);
});

test("leaving-and-closing-frees-the-port-at-once-and-the-farewell-arrives", async () => {
  const [a, b] = await pair();
  b.node.leave();
  b.node.close();
  const port = Number(b.address.split(":")[1]);
  const again = new Heard(port, { seeds: [a.address], bump: Number(b.node.identity.bump) + 1 });
  await until("it is ready", () => again.told.includes("ready"));
  expect(again.errors).toEqual([]);
  await until("a knows", () => a.told.includes("down " + b.address));
  await until("a knows it again", () => a.told.filter((line) => line === "up " + b.address).length === 2);
});

test.skipIf(process.platform !== "linux")(
  "the-broadcast-address-of-a-network-gets-nothing-and-is-counted (where 127.255.255.255 is one: Linux)",
  async () => {
    const a = new Heard(await freePort(), { seeds: ["127.255.255.255:7946"] });
    await until("it was refused", () => a.node.refusedEndpoints > 0);
    expect([a.errors, a.node.socketErrors]).toEqual([[], 0]);
  },
);

test("what-a-callback-throws-is-an-uncaught-exception-and-the-others-are-called", async () => {
  const port = await freePort();
  const entry = new URL("../../dist/platform/node/index.js", import.meta.url).href;
  const script = `
    import { SwimNode } from ${JSON.stringify(entry)};
    process.on("uncaughtException", (error) => console.log("caught " + error.message));
    const address = "127.0.0.1";
    const a = new SwimNode({ port: ${port}, address, onReady() { start(); } });
    function start() {
      const b = new SwimNode({
        port: ${await freePort()}, address, seeds: ["127.0.0.1:${port}"],
        onMemberUp() { throw new Error("of mine"); },
        onActive() { console.log("active"); b.leave(); b.close(); a.close(); },
      });
    }`;
  const program = new Program(process.execPath, ["--input-type=module", "-e", script]);
  expect(await program.ended()).toBe(0);
  expect(program.lines()).toEqual(["caught of mine", "active"]);
});

test("nobody-at-the-other-end-is-no-error", async () => {
  const [first, second] = await freePorts(2, "127.0.0.1");
  const a = new Heard(first, { seeds: ["127.0.0.1:" + second] });
  await until("it called twice", () => a.node.swim.metrics[Metric.SentPing + 6] >= 2);
  expect(a.node.socketErrors).toBe(0);
});

test("bytes-that-are-no-datagram-are-counted-and-survived", async () => {
  const a = new Heard(await freePort());
  const socket = createSocket("udp4");
  await until("it is ready", () => a.told.includes("ready"));
  socket.send(new Uint8Array(0), Number(a.address.split(":")[1]));
  socket.send(new Uint8Array(2000).fill(0xa5), Number(a.address.split(":")[1]));
  const { metrics } = a.node.swim;
  await until("both came", () => metrics[Metric.StatusOk + 3] + metrics[Metric.StatusOk + 4] === 2);
  socket.close();
  expect(a.errors).toEqual([]);
});

test("closing-twice-does-no-harm-and-nothing-is-told-afterwards", async () => {
  const [a, b] = await pair();
  b.node.close();
  b.node.close();
  b.node.leave();
  const told = b.told.slice();
  a.node.broadcast(Uint8Array.of(1));
  await until("a found it Down", () => a.told.includes("down " + b.address));
  expect(b.told).toEqual(told);
});

test("a-port-is-free-again-after-close", async () => {
  const port = await freePort();
  const first = new Heard(port);
  await until("it is ready", () => first.told.includes("ready"));
  first.node.close();
  await until("it can be bound", () => {
    const next = new Heard(port);
    if (next.errors.length === 0) return true;
    next.node.close();
    return false;
  });
});

test("closing-before-the-socket-is-open-does-no-harm", async () => {
  const port = await freePort();
  const a = new Heard(port);
  a.node.close();
  const b = new Heard(port);
  await until("the port is free for another", () => b.told.includes("ready") || b.errors.length > 0);
  expect(a.told).toEqual([]);
});

test("shows-the-datagrams-to-who-asks", async () => {
  const seen: string[] = [];
  const show = (way: string) => (header: HeaderValue<Renewable>) =>
    seen.push(way + " " + header.message.kind + " " + (header.message.probeNumber ?? ""));
  const [first, second] = await freePorts(2, "127.0.0.1");
  const a = new Heard(first);
  const options = { onDatagramSent: show("sent"), onDatagramReceived: show("received") };
  new Heard(second, { seeds: [a.address], ...options });
  await until("a probe was answered", () => seen.some((line) => line.startsWith("received Ack")));
  expect(seen[0]).toBe("sent Announce ");
  expect(seen).toContain("received Feed ");
  const ack = seen.findIndex((line) => line.startsWith("received Ack"));
  const ping = seen[ack].replace("received Ack", "sent Ping");
  expect(seen.slice(0, ack)).toContain(ping);
});

test("refuses-wrong-options-before-a-socket-is-opened", () => {
  expect(() => new SwimNode(undefined as never)).toThrow("expected an object of options");
  expect(() => new SwimNode({ port: 0 })).toThrow("port must be from 1 to 65535");
  expect(() => new SwimNode({ port: 7946, address: "localhost" })).toThrow("address must be an IP address");
  expect(() => new SwimNode({ port: 7946, advertise: "nowhere" })).toThrow(TypeError);
  expect(() => new SwimNode({ port: 7946, onDatagramSent: 1 as never })).toThrow("onDatagramSent must be");
});

test.skipIf(!HAS_IPV6)("two-nodes-find-each-other-over-ipv6 (needs ::1)", async () => {
  const [first, second] = await freePorts(2, "::1");
  const a = new Heard(first, { address: "::1" });
  const b = new Heard(second, { address: "::1", seeds: [a.address] });
  await until("both know", () => a.told.includes("up " + b.address) && b.told.includes("up " + a.address));
  b.node.leave();
  await until("it left", () => a.told.includes("down " + b.address));
});

test.skipIf(!HAS_IPV6)(
  "a-node-on-all-addresses-of-both-families-reaches-an-ipv4-one (needs ::1)",
  async () => {
    const [first, second] = await freePorts(2, "127.0.0.1");
    const a = new Heard(first);
    const b = new Heard(second, { address: "::", advertise: "127.0.0.1", seeds: [a.address] });
    const own = "127.0.0.1:" + second;
    await until("both know", () => a.told.includes("up " + own) && b.told.includes("up " + a.address));
    expect(b.errors).toEqual([]);
  },
);
