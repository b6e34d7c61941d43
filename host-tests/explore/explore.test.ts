import { describe, expect, it } from "vitest";
import { DEFECT_NAMES, withDefect, type DefectName } from "../../bench/explore/defects.js";
import { delivery, Event } from "../../bench/explore/events.js";
import type { Local } from "../../bench/explore/local.js";
import { SCENARIOS, type Faults, type Scenario } from "../../bench/explore/scenarios.js";
import { Space, type Findings, type Limits } from "../../bench/explore/space.js";

const LIMITS: Limits = { seconds: Infinity, states: 6000, suffixEvery: 60, violations: 1 };

function named(name: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error("there is no scenario " + name);
  return scenario;
}

/** Where each defect shows, by which rule, and how far one must look. */
interface Shown {
  scenario: string;
  rule: RegExp;
  states: number;
  faults?: Faults;
  suffixEvery?: number;
}
const SHOWN: Record<DefectName, Shown> = {
  round: { scenario: "rounds", rule: /^round: /, states: 400_000 },
  storm: { scenario: "tombstone", rule: /^(storm|liveness): /, states: 20_000 },
  reuse: { scenario: "lives", rule: /^(farewell: |throws: .*declared Down)/, states: 20_000 },
  helpers: { scenario: "helpers", rule: /^helpers: /, states: 400_000 },
  leaver: {
    scenario: "lives",
    rule: /^liveness: /,
    states: 20_000,
    faults: { events: { Leave: 1, Nap: 1, ChangeIdentity: 2 } },
    suffixEvery: 5,
  },
  alone: {
    scenario: "lives",
    rule: /^liveness: /,
    states: 20_000,
    faults: { drop: 1, events: { Leave: 1, Nap: 1, ChangeIdentity: 1 } },
    suffixEvery: 5,
  },
  feed: {
    scenario: "throwing",
    rule: /^feed: /,
    states: 100_000,
    faults: { throwing: 1, events: { NetworkChanged: 2 } },
  },
};

describe("the explorer", () => {
  // The one with foca needs it: host-tests/interop/explore.test.ts.
  it.each(SCENARIOS.filter(({ focaHosts }) => focaHosts === undefined).map(({ name }) => name))(
    "finds nothing wrong near the beginning of %s",
    (name) => {
      const findings = new Space(named(name)).run(LIMITS);
      expect(findings.violations).toEqual([]);
      expect(findings.states).toBeGreaterThanOrEqual(LIMITS.states);
      expect(findings.suffixes).toBeGreaterThan(50);
    },
  );

  it.each(DEFECT_NAMES)("finds the defect %s when its mend is taken out", (defect) => {
    const { rule, states, faults, suffixEvery = LIMITS.suffixEvery } = SHOWN[defect];
    const known = named(SHOWN[defect].scenario);
    const scenario = faults === undefined ? known : { ...known, faults };
    const limits = { ...LIMITS, states, suffixEvery };
    const findings = withDefect(defect, (type) => new Space(scenario, type).run(limits));
    expect(findings.violations.map((violation) => violation.rule)).toEqual([expect.stringMatching(rule)]);
    expect(findings.violations[0].trace.length).toBeLessThan(16);
  });

  it("lets one that left and takes that back be remembered at the incarnation that it had", () => {
    const lives = { ...named("lives"), faults: { events: { Leave: 1, Reuse: 1 } }, timersOf: [0] };
    const findings = new Space(lives).run({ ...LIMITS, states: 20_000 });
    expect(findings.violations).toEqual([]);
  });

  it("sees the same, however often it looks", () => {
    const look = (): Findings => new Space(named("lives")).run(LIMITS);
    expect(look()).toEqual(look());
  });

  it("counts what differs by names alone once", () => {
    // All three are alike at first: it makes no difference whose timer runs out.
    const findings = new Space({ ...named("settled"), faults: {} }).run({ ...LIMITS, states: 2 });
    expect(findings.states).toBe(2);
    expect(findings.transitions).toBe(3);
  });

  it("takes two states for one only when all that can happen to them is the same", () => {
    let merged = 0;
    for (const name of ["settled", "lives", "throwing"]) {
      const space = new Space(named(name));
      const { machine } = space;
      const seen: Local[] = [];
      machine.onMerged = (other) => {
        if (seen.length < 120) seen.push(other);
      };
      space.run({ ...LIMITS, suffixEvery: Infinity });
      machine.onMerged = undefined;
      const ways = [Event.Timer, Event.OtherTimer, Event.Stall, Event.Leave, Event.NetworkChanged];
      for (const other of seen) {
        const known = machine.local(other.id);
        const mail = space.mailFor(other.host).slice(0, 12);
        for (const event of [...ways, ...mail.map((id) => delivery(id))]) {
          const a = machine.step(known, event);
          const b = machine.step(other, event);
          expect(b?.next.id, `${name}, event ${event}`).toBe(a?.next.id);
          expect(b?.sent.map(({ id }) => id)).toEqual(a?.sent.map(({ id }) => id));
        }
        merged++;
      }
    }
    expect(merged).toBeGreaterThan(300);
  });
});
