// How soon nodes find each other with no address typed, on the fake network, in virtual time: the same on every machine.
//
//   npm run bench:discovery -- [SEEDS]
import { FakeNetwork, lan } from "xswim/fake";

const seeds = Number(process.argv[2] ?? 300);

/** Prints p50 / p90 / p99 / max. */
function show(name, values, digits) {
  values.sort((a, b) => a - b);
  const at = (part) => values[Math.max(0, Math.ceil(part * values.length) - 1)].toFixed(digits);
  console.log(name + ": " + [0.5, 0.9, 0.99, 1].map(at).join(" / "));
}

/** Seconds until one that starts beside four others knows a first one, and all. */
function late(prepare, options) {
  const first = [];
  const all = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const network = new FakeNetwork({ seed, latencyMs: 2, jitterMs: 20, loss: 0.05 });
    prepare(network);
    const start = (ip) =>
      new (network.host(ip).HostNode)({ port: 7946, config: lan(10), discover: true, ...options });
    const others = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"].map(start);
    network.runUntil(() => others.every((node) => node.members().length === 3), 120_000);
    network.advance(10_000);
    const node = start("10.0.0.9");
    const firstMs = network.runUntil(() => node.members().length >= 1, 120_000);
    first.push(firstMs / 1000);
    all.push((firstMs + network.runUntil(() => node.members().length === 4, 120_000)) / 1000);
  }
  return { first, all };
}

/** Fifty that start at once: seconds until all know all, and what they send until then. */
function rush(prepare) {
  const known = [];
  const sent = [];
  const busiest = [];
  for (let seed = 1; seed <= Math.ceil(seeds / 10); seed++) {
    const network = new FakeNetwork({ seed, latencyMs: 2, jitterMs: 20, loss: 0.01 });
    prepare(network);
    const nodes = Array.from(
      { length: 50 },
      (_, i) =>
        new (network.host("10.0.1." + (i + 1)).HostNode)({ port: 7946, config: lan(50), discover: true }),
    );
    const perTenth = [];
    let before = 0;
    while (perTenth.length < 600 && !nodes.every((node) => node.swim.numMembers === 49)) {
      network.advance(100);
      perTenth.push(network.counts.sent - before);
      before = network.counts.sent;
    }
    known.push(perTenth.length / 10);
    sent.push(before / 50);
    busiest.push(
      Math.max(...perTenth.map((_, at) => perTenth.slice(at, at + 10).reduce((sum, n) => sum + n, 0))),
    );
  }
  return { known, sent, busiest };
}

const open = () => undefined;
const filtered = (network) => void (network.passesMulticast = false);
const keys = [{ id: 0, secret: "5f0c6f1d9a2b4e8893d7c1e0a4b65217" }];

for (const [name, prepare, options] of [
  ["multicast DNS", open, {}],
  ["multicast filtered", filtered, {}],
  ["keys", open, { keys }],
]) {
  const { first, all } = late(prepare, options);
  show(name + ", seconds until a first member is known", first, 2);
  show(name + ", seconds until all four are", all, 2);
}
for (const [name, prepare] of [
  ["50 at once, multicast DNS", open],
  ["50 at once, multicast filtered", filtered],
]) {
  const { known, sent, busiest } = rush(prepare);
  show(name + ", seconds until all know all", known, 1);
  show(name + ", datagrams of a node until then", sent, 1);
  show(name + ", datagrams of all nodes in the busiest second", busiest, 0);
}
