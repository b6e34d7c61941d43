// One file of device code, type-checked against three entries of the package, and run: here on Node and on the fake
// network, in host-tests/moddable on doubles of the SDK's modules.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { compile, type Entry } from "../portable/compile.js";

/** Runs a program beside the compiled device code, and returns what it printed, as JSON. */
function run(folder: string, program: string): unknown {
  writeFileSync(join(folder, "main.mjs"), program);
  return JSON.parse(execFileSync(process.execPath, [join(folder, "main.mjs")], { encoding: "utf8" }));
}

const STORE = `
  function store() {
    const kept = { bump: "4000000000", bump2: "3999999999" };
    return { get: (_domain, key) => kept[key], set(_domain, key, value) { kept[key] = value } };
  }`;

test.each<Entry>(["xswim/xs", "xswim/node", "xswim/fake"])("device-code-type-checks-against %s", (entry) => {
  expect(compile("lamp.ts", entry).said).toBe("");
});

test("the-types-of-all-entries-are-one-set", () => {
  expect(compile("types.ts", "xswim/xs").said).toBe("");
});

test("device-code-runs-on-node", async () => {
  const [first, second] = await freePorts(2, "127.0.0.1");
  const { folder } = compile("lamp.ts", "xswim/node");
  const printed = run(
    folder,
    `import { SwimNode } from "xswim/node";
    import { setTimeout } from "node:timers/promises";
    import { Lamp } from "./lamp.js";
    ${STORE}
    const advertise = "127.0.0.1";
    const a = new Lamp(SwimNode, { port: ${first}, seeds: [], store: store(), advertise });
    const b = new Lamp(SwimNode, { port: ${second}, seeds: ["127.0.0.1:${first}"], store: store(), advertise });
    while (a.others().length + b.others().length < 2) await setTimeout(5);
    a.say("x");
    while (b.told.length < 2) await setTimeout(5);
    a.show({ level: 7, celsius: -3 });
    while (b.told.length < 3) await setTimeout(5);
    console.log(JSON.stringify([b.told, Number(a.node.identity.bump), b.lightOf("127.0.0.1:${first}")[0]]));
    a.node.close();
    b.node.close();`,
  );
  expect(printed).toEqual([
    [`up 127.0.0.1:${first}`, `x from 127.0.0.1:${first}`, `7 at -3 of 127.0.0.1:${first}`],
    4000000001,
    { level: 7, celsius: -3 },
  ]);
});

test("device-code-runs-on-the-fake-network", () => {
  const { folder } = compile("lamp.ts", "xswim/fake");
  const printed = run(
    folder,
    `import { FakeNetwork } from "xswim/fake";
    import { Lamp } from "./lamp.js";
    ${STORE}
    const network = new FakeNetwork();
    const start = (ip, seeds) => new Lamp(network.host(ip).SwimNode, { port: 7946, seeds, store: store() });
    const a = start("10.0.0.1", []);
    const b = start("10.0.0.2", ["10.0.0.1:7946"]);
    network.runUntil(() => a.others().length + b.others().length === 2, 10_000);
    a.say("x");
    network.runUntil(() => b.told.length === 2, 10_000);
    a.show({ level: 7, celsius: -3 });
    network.advance(60_000);
    // It is switched on last.
    const c = start("10.0.0.3", ["10.0.0.1:7946"]);
    network.runUntil(() => c.lightOf("10.0.0.1:7946")[0] !== undefined, 10_000);
    const [light, ageMs] = c.lightOf("10.0.0.1:7946");
    console.log(JSON.stringify([b.told.slice(0, 3), a.node.identity.bump, light, Math.round(ageMs / 10_000)]));`,
  );
  expect(printed).toEqual([
    ["up 10.0.0.1:7946", "x from 10.0.0.1:7946", "7 at -3 of 10.0.0.1:7946"],
    4000000001,
    { level: 7, celsius: -3 },
    6,
  ]);
});

test("the-entries-for-node-have-the-same-objects", () => {
  const { folder } = compile("lamp.ts", "xswim/node");
  const others = run(
    folder,
    `import * as root from "xswim";
    import * as node from "xswim/node";
    import * as fake from "xswim/fake";
    import { postcard } from "xswim/postcard";
    import * as schema from "xswim/schema";
    const names = Object.keys(root);
    const others = names.filter((name) => node[name] !== root[name] || fake[name] !== root[name]);
    const copies = Object.keys(schema).filter((name) => schema[name] !== root[name]);
    console.log(JSON.stringify([root.postcard === postcard, others, copies]));`,
  );
  expect(others).toEqual([true, [], []]);
});
