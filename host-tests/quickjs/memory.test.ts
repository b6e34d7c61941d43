// What a node takes on QuickJS, as QuickJS counts it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { subjectScript } from "../footprint/measurement.js";
import { type MemoryUse, QuickJsMachine } from "./engine.js";
import { lanes } from "./lanes.js";

const script = await subjectScript();

const SEND_BUFFER = "subject.make.sendBuffer()";

/** The most bytes of each, a hundredth or so above what was measured last. */
const LIMITS = {
  aMember: 32,
  coreWithoutMembers: 6600,
  nodeWithoutMembers: 6450,
  nodeOf32: 10_200,
  nodeOf1000: 40_500,
};

/** A string that several share counts with each in part, so that the figures repeat to some bytes only. */
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

function fresh(engine: QuickJsMachine["engine"]): Promise<QuickJsMachine> {
  return QuickJsMachine.start(engine).then((machine) => {
    machine.evaluate(script);
    machine.evaluate("const holder = { kept: null, shared: null }; 0");
    return machine;
  });
}

/** What stays when the value of an expression is kept. It ran once before, so that what is made once is there. */
function kept(machine: QuickJsMachine, expression: string): MemoryUse {
  const forget = "holder.kept = null; subject.make.forget(); 0";
  machine.evaluate(`holder.kept = ${expression}; ${forget}`);
  const before = machine.memory();
  machine.evaluate(`holder.kept = ${expression}; 0`);
  const after = machine.memory();
  machine.evaluate(forget);
  return { bytes: after.bytes - before.bytes, blocks: after.blocks - before.blocks };
}

function core(machine: QuickJsMachine, room: number, held: number): number {
  machine.evaluate(`holder.shared = subject.sharedBy(${room}); 0`);
  return kept(machine, `subject.make.core(${held}, holder.shared)`).bytes;
}

/** A device's whole node that has sent to all its members. */
function node(machine: QuickJsMachine, members: number): number {
  return kept(machine, `subject.make.device(${members}, ${Math.max(1, members * 4)})`).bytes;
}

function figures(machine: QuickJsMachine): typeof LIMITS {
  const sendBuffer = kept(machine, SEND_BUFFER).bytes;
  const empty = core(machine, 1, 0);
  return {
    aMember: Math.round(((core(machine, 1024, 1024) - empty) / 1024) * 100) / 100,
    coreWithoutMembers: empty - sendBuffer,
    nodeWithoutMembers: node(machine, 0) - sendBuffer,
    nodeOf32: node(machine, 32),
    nodeOf1000: node(machine, 1000),
  };
}

for (const engine of lanes()) {
  describe(engine, () => {
    let machine: QuickJsMachine;

    beforeAll(async () => {
      machine = await fresh(engine);
    });

    afterAll(() => machine.close());

    test("a-node-takes-no-more-memory-than-it-did-and-the-same-in-every-machine", async () => {
      const got = figures(machine);
      console.log(`${engine}: ${JSON.stringify(got)}`);
      for (const name of Object.keys(LIMITS) as (keyof typeof LIMITS)[])
        expect(got[name], name).toBeLessThanOrEqual(LIMITS[name]);
      const another = await fresh(engine);
      try {
        for (const [name, bytes] of Object.entries(figures(another)))
          expect(Math.abs(bytes - got[name as keyof typeof LIMITS]), name).toBeLessThan(SLACK_BYTES);
      } finally {
        another.close();
      }
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
