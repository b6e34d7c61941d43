// The checker that asks whether lost hosts are found, against cores that leave one out, and against the core that ships.
import { describe, expect, it, vi } from "vitest";
import { runSeed, type Outcome } from "../../bench/sim/run-seed.js";
import { faultsWith, type Settings } from "../../bench/sim/settings.js";
import { membersOf, subjectOf } from "../../bench/sim/inside.js";
import { NAMINGS } from "../../bench/sim/identities.js";
import { NOTHING } from "../../core/knowledge.js";
import { State, type Swim } from "../../core/index.js";
import { settings } from "./settings.js";

// The core that is broken here ships without assertions: the checker must find it out by itself.
vi.mock("../../core/debug.js", () => ({ DEBUG: false }));

type Break = (swim: Swim<unknown>, host: number) => void;

const NAMING = NAMINGS.renewableV4;
/** The host that is left out. */
const LEFT_OUT = 3;
/** The one whose node alone is broken. */
const BROKEN = 5;

/** Links that are down for minutes. */
const flap = settings("flap", {
  nodes: 24,
  durationS: 300,
  parameters: { flapping: 8, offMs: 90_000, onMs: 30_000 },
});
/** Hosts that die for minutes, and nothing else that would excuse those who do not find it. */
const churn = settings("churn", {
  nodes: 24,
  durationS: 1800,
  faults: faultsWith({}),
  parameters: { eventMs: 20_000, downMs: 240_000, freezeMs: 1 },
});
const kill = settings("kill", { nodes: 24, durationS: 120, parameters: { victims: 8 } });

/** What the checker said. */
function complaints({ violations }: Outcome): string[] {
  return violations.filter(({ checker }) => checker === "detection").map(({ text }) => text);
}

function complaintsOf(story: Settings, breakCore?: Break): string[] {
  const all: string[] = [];
  for (let seed = 1; seed <= 3; seed++) {
    const outcome = runSeed(story, seed, breakCore ? { breakCore } : {});
    for (const text of complaints(outcome)) all.push(text);
  }
  return all;
}

/** Has a node never probe a host, unless there is nobody else. */
function neverProbe(swim: Swim<unknown>, host: number): void {
  const members = membersOf(swim);
  const { order } = members;
  const nextToProbe = order.nextToProbe.bind(order);
  order.nextToProbe = (candidates) => {
    let slot = nextToProbe(candidates);
    for (let i = 0; i < 50 && subjectOf(members, slot, NAMING) === host; i++) slot = nextToProbe(candidates);
    return slot;
  };
}

const WITHOUT_CIRCLE = { probeSuccessor: false, gossipToSuccessor: false };

describe("a member that no round comes to", () => {
  const set = WITHOUT_CIRCLE;
  it.each([
    ["dies", { ...kill, set }],
    ["dies-in-churn", { ...churn, set }],
    ["loses-its-link", { ...flap, set }],
  ])("is-a-violation-when-it-%s", (_, story) => {
    const texts = complaintsOf(story, (swim) => neverProbe(swim, LEFT_OUT));
    expect(texts.join("\n")).toMatch(/nobody has found that host 3 is lost/);
    for (const text of texts) expect(text).toMatch(/lost host 3 |that host 3 is lost/);
  });
});

/** Has a node hear of no death. */
function neverHearOfDeaths(swim: Swim<unknown>): void {
  const { knowledge } = swim["protocol"];
  const learn = knowledge.learn.bind(knowledge);
  knowledge.learn = (ref, incarnation, state, doBroadcast) =>
    state === State.Down && !knowledge.self.is(ref) ? NOTHING : learn(ref, incarnation, state, doBroadcast);
}

/** Has a node hear of no death, and end no suspicion of its own. */
function neverEndSuspicions(swim: Swim<unknown>): void {
  neverHearOfDeaths(swim);
  const { order } = membersOf(swim);
  const setDeadline = order.setDeadline.bind(order);
  order.setDeadline = (slot, atMs, isDown) => setDeadline(slot, isDown ? atMs : Infinity, isDown);
}

describe("a node that holds a lost member for ever", () => {
  it.each([
    ["dead", kill],
    ["dead-in-churn", churn],
    ["without-a-link", flap],
  ])("is-a-violation-when-that-is-%s", (_, story) => {
    const texts = complaintsOf(story, (swim, host) => {
      if (host === BROKEN) neverEndSuspicions(swim);
    });
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toMatch(/^host 5 holds the lost host \d+ for \d+ ms$/);
  });
});

describe("a suspect that is not probed again", () => {
  // A round that did not end once left these out: who heard of a suspicion had no deadline for it.
  it("is-a-violation-where-news-of-its-death-gets-lost", () => {
    const story = { ...kill, set: WITHOUT_CIRCLE };
    const texts = complaintsOf(story, (swim, host) => {
      if (host !== BROKEN) return;
      const { members } = swim["protocol"].knowledge;
      const { order } = members;
      const nextToProbe = order.nextToProbe.bind(order);
      order.nextToProbe = (candidates) => {
        let slot = nextToProbe(candidates);
        for (let i = 0; i < 50 && members.state(slot) === State.Suspect; i++) slot = nextToProbe(candidates);
        return slot;
      };
      neverHearOfDeaths(swim);
    });
    expect(texts.join("\n")).toMatch(/host 5 holds the lost host \d+ for/);
  });
});

describe("the core that ships", () => {
  it.each([
    ["deaths", kill],
    ["churn", churn],
    ["links-that-are-down-for-long", flap],
    ["an-outage", settings("outage", { nodes: 12, durationS: 60 })],
    ["a-partition", settings("partition", { nodes: 12, parameters: { cutS: 240, steadyS: 0 } })],
    ["burst-loss", settings("burst-loss", { nodes: 12, durationS: 200 })],
  ])("finds-all-in-%s", (_, story) => {
    expect(complaintsOf(story)).toEqual([]);
  });

  it("finds-all-without-the-circle", () => {
    for (const story of [kill, churn, flap])
      expect(complaintsOf({ ...story, set: WITHOUT_CIRCLE })).toEqual([]);
  });
});

describe("who is not asked", () => {
  it("is-a-node-that-hears-nobody", () => {
    // The halves of a cluster of two are one node each.
    const story = settings("partition", {
      nodes: 2,
      parameters: { cutS: 300, steadyS: 0, limitMs: Infinity },
    });
    expect(complaintsOf(story, neverEndSuspicions)).toEqual([]);
  });
});
