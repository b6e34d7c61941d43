// What a node takes on QuickJS, as QuickJS counts it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { subjectScript } from "../footprint/measurement.js";
import { type Engine, QuickJsMachine } from "./engine.js";
import { lanes } from "./lanes.js";

const script = await subjectScript();

const SEND_BUFFER = "subject.make.sendBuffer()";

/** The most bytes of each, a hundredth or so above what was measured last. */
const LIMITS = {
  aMember: 32,
  coreWithoutMembers: 9000,
  nodeWithoutMembers: 14_200,
  nodeOf32: 18_300,
  nodeOf1000: 48_500,
};

/** A string that several share counts with each in part, so that what is held is known to some bytes only. */
const SLACK_BYTES = 16;

/** Operations of a core among 16, each by the script that runs it once. */
const QUIET: Record<string, string> = {
  "a-probe-from-its-ping-to-its-end": "s.probeCycle()",
  "an-answered-ping": "s.answerPing(1)",
  "a-round-of-gossip": "s.gossip()",
  "a-gossip-that-tells-nothing-new": "s.hearKnown()",
  "a-datagram-that-is-none": "s.refused('Decode')",
  "a-datagram-for-another": "s.refused('NotForUs')",
};

async function fresh(engine: Engine): Promise<QuickJsMachine> {
  const machine = await QuickJsMachine.start(engine);
  machine.evaluate("Math.random = () => 0.5; 0");
  machine.evaluate(script);
  machine.evaluate("const holder = { kept: null, shared: null }; 0");
  return machine;
}

/**
 * What stays when the value of an expression is kept, in a machine of its own: QuickJS makes the shapes of objects, and the
 * prototypes of functions, when the first one is made, and lets go of them with the last one.
 */
async function kept(engine: Engine, expression: string, members = 0): Promise<number> {
  const machine = await fresh(engine);
  try {
    machine.evaluate(`holder.shared = subject.sharedBy(${Math.max(1, members)}); 0`);
    const before = machine.memory();
    machine.evaluate(`holder.kept = ${expression}; 0`);
    return machine.memory().bytes - before.bytes;
  } finally {
    machine.close();
  }
}

function core(engine: Engine, members: number): Promise<number> {
  return kept(engine, `subject.make.core(${members}, holder.shared)`, members);
}

/** A device's whole node that has sent to all its members. */
function node(engine: Engine, members: number): Promise<number> {
  return kept(engine, `subject.make.device(${members}, ${Math.max(1, members * 4)})`);
}

async function figures(engine: Engine): Promise<typeof LIMITS> {
  const sendBuffer = await kept(engine, SEND_BUFFER);
  const small = await core(engine, 24);
  return {
    aMember: Math.round(((await core(engine, 1024)) - small) / 10) / 100,
    coreWithoutMembers: (await core(engine, 0)) - sendBuffer,
    nodeWithoutMembers: (await node(engine, 0)) - sendBuffer,
    nodeOf32: await node(engine, 32),
    nodeOf1000: await node(engine, 1000),
  };
}

for (const engine of lanes()) {
  describe(engine, () => {
    let machine: QuickJsMachine;

    beforeAll(async () => {
      machine = await fresh(engine);
    });

    afterAll(() => machine.close());

    test("the-first-node-of-a-machine-takes-no-more-than-it-did-and-the-same-in-every-machine", async () => {
      const got = await figures(engine);
      console.log(`${engine}: ${JSON.stringify(got)}`);
      for (const name of Object.keys(LIMITS) as (keyof typeof LIMITS)[])
        expect(got[name], name).toBeLessThanOrEqual(LIMITS[name]);
      expect(await node(engine, 32)).toBe(got.nodeOf32);
    });

    test("a-call-that-allocates-is-found-out", () => {
      machine.evaluate(
        "var idle = () => { holder.shared = 1; }; var busy = () => { holder.shared = { a: 1 }; };",
      );
      expect(() => machine.callWithoutMemory("idle")).not.toThrow();
      expect(() => machine.callWithoutMemory("busy")).toThrow("out of memory");
    });

    test.each(Object.entries(QUIET))("nothing-is-allocated-by-%s", (name, run) => {
      machine.evaluate(`
        globalThis["${name}"] = (() => {
          const s = new subject.Subject(16);
          const run = () => { ${run} };
          for (let i = 0; i < 20; i++) run();
          return run;
        })(); 0`);
      for (let i = 0; i < 20; i++) machine.callWithoutMemory(name);
    });

    test("what-a-device-holds-is-the-same-after-two-minutes-of-a-cluster-at-rest", () => {
      machine.evaluate("var steady = new subject.SteadySubject(50); steady.check(120);");
      const before = machine.memory();
      machine.evaluate("steady.check(120)");
      const after = machine.memory();
      expect(after.blocks).toBe(before.blocks);
      expect(Math.abs(after.bytes - before.bytes)).toBeLessThan(SLACK_BYTES);
    });
  });
}
