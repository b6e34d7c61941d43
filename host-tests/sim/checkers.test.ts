// Each checker against a core that was broken to provoke it, and all of them against the core that ships.
import { afterEach, describe, expect, it, vi } from "vitest";
import { runSeed, type Outcome } from "../../bench/sim/run-seed.js";
import { DEAD, NOTHING, REFUTE } from "../../core/knowledge.js";
import { NONE } from "../../core/order.js";
import { State, type Swim } from "../../core/index.js";
import type * as MemberModule from "../../core/member.js";
import { settings } from "./settings.js";

type Overrides = typeof MemberModule.overrides;
type Rule = (whole: Overrides, ...news: Parameters<Overrides>) => boolean;
const broken = vi.hoisted(() => ({ overrides: undefined as Rule | undefined }));

// The core that is broken here ships without assertions: the checkers must find it out by themselves.
vi.mock("../../core/debug.js", () => ({ DEBUG: false }));

vi.mock("../../core/member.js", async (original) => {
  const member = await original<typeof MemberModule>();
  const overrides: Overrides = (...news) =>
    broken.overrides === undefined ? member.overrides(...news) : broken.overrides(member.overrides, ...news);
  return { ...member, overrides };
});

afterEach(() => {
  broken.overrides = undefined;
});

type Break = (swim: Swim<unknown>, host: number) => void;

/** Hosts that freeze for long: suspicions, refutations, false deaths and returns. */
const stalls = settings("stall", { nodes: 20, durationS: 120, parameters: { stalled: 5, stallMs: 9000 } });
const restarts = settings("rolling-restart", { nodes: 8 });
const death = settings("kill", { nodes: 10, durationS: 60, boundMs: 30_000 });

function complaints(outcome: Outcome): string[] {
  return [...new Set(outcome.violations.map(({ checker }) => checker))];
}

function expectCaught(checker: string, story: ReturnType<typeof settings>, breakCore?: Break): void {
  const outcome = runSeed(story, 1, breakCore ? { breakCore } : {});
  expect(complaints(outcome)).toContain(checker);
  expect(outcome.numViolations).toBeGreaterThan(0);
}

describe("the core that ships", () => {
  it.each([
    ["stalls", stalls],
    ["restarts", restarts],
    ["a death", death],
    ["churn", settings("churn", { nodes: 16, durationS: 900 })],
    ["a partition", settings("partition", { nodes: 12, parameters: { cutS: 120 } })],
    ["mixed sizes", settings("mixed-sizes", { nodes: 12, durationS: 60 })],
  ])("passes-all-checkers-in-%s", (_, story) => {
    for (let seed = 1; seed <= 3; seed++) expect(runSeed(story, seed).violations).toEqual([]);
  });
});

describe("resurrection", () => {
  it("catches-a-rule-that-lets-down-yield-to-alive", () => {
    broken.overrides = (whole, newState, newIncarnation, state, incarnation) =>
      state === State.Down ? newState === State.Alive : whole(newState, newIncarnation, state, incarnation);
    expectCaught("resurrection", stalls);
  });

  it("catches-a-table-in-which-the-older-identity-wins", () => {
    expectCaught("resurrection", stalls, (swim) => {
      swim["protocol"].knowledge.members.wins = () => false;
    });
  });
});

describe("incarnation", () => {
  it("catches-a-rule-that-takes-older-incarnations", () => {
    broken.overrides = (_whole, newState, _newIncarnation, state) =>
      state !== State.Down && newState !== state;
    expectCaught("incarnation", stalls);
  });

  it("catches-a-node-that-forgets-its-own", () => {
    expectCaught("incarnation", stalls, (swim) => {
      const { spreader, knowledge } = swim["protocol"];
      const gossip = spreader.gossip.bind(spreader);
      spreader.gossip = () => {
        gossip();
        knowledge.self.incarnation = 0;
      };
    });
  });

  it("catches-an-accuser-that-makes-incarnations-up", () => {
    expectCaught("incarnation", stalls, (swim) => {
      const { members } = swim["protocol"].knowledge;
      const change = members.change.bind(members);
      members.change = (slot, incarnation, state) =>
        change(slot, state === State.Suspect ? incarnation + 1 : incarnation, state);
    });
  });
});

describe("refutation", () => {
  it("catches-a-refutation-that-does-not-raise-the-incarnation", () => {
    expectCaught("refutation", stalls, (swim) => {
      Object.assign(swim["protocol"].knowledge, {
        learnOfSelf: (_incarnation: number, state: State) =>
          state === State.Suspect ? REFUTE : state === State.Down ? DEAD : NOTHING,
      });
    });
  });
});

describe("agreement", () => {
  it("catches-a-suspicion-that-never-expires", () => {
    expectCaught("agreement", death, (swim) => {
      const { order } = swim["protocol"].knowledge.members;
      const setDeadline = order.setDeadline.bind(order);
      order.setDeadline = (slot, atMs, isDown) => setDeadline(slot, isDown ? atMs : Infinity, isDown);
    });
  });

  it("catches-news-that-does-not-spread", () => {
    expectCaught(
      "agreement",
      settings("bootstrap", { nodes: 40, boundMs: 20_000, durationS: 25 }),
      (swim) => {
        swim["protocol"].knowledge.updates.add = () => undefined;
      },
    );
  });
});

describe("down", () => {
  it("catches-a-node-that-does-not-come-back-when-it-is-declared-down", () => {
    const parameters = { ...stalls.parameters, stalled: 1, gapMs: 30_000 };
    const story = { ...stalls, parameters, set: { notifyDownMembers: false }, boundMs: 10_000 };
    expectCaught("down", story, (swim) => {
      Object.assign(swim["protocol"].connection, { noteDeath: () => Infinity });
    });
  });
});

describe("memory", () => {
  it("catches-a-table-that-ignores-its-limit", () => {
    const story = settings("bootstrap", { nodes: 20, durationS: 20, set: { maxMembers: 8 } });
    expect(complaints(runSeed(story, 1))).not.toContain("memory");
    expectCaught("memory", story, (swim) => {
      swim["protocol"].knowledge.members.maxMembers = 1000;
    });
  });

  it("catches-a-queue-that-counts-an-update-twice", () => {
    expectCaught("memory", death, (swim) => {
      const { updates } = swim["protocol"].knowledge;
      const add = updates.add.bind(updates);
      updates.add = (slot, transmissions) => {
        add(slot, transmissions);
        updates.length += 16;
      };
    });
  });

  it("catches-columns-that-grow-without-need", () => {
    expectCaught("memory", { ...death, set: { initialMembers: 16 } }, (swim) => {
      const { members } = swim["protocol"].knowledge;
      const insert = members.insert.bind(members);
      members.insert = (ref, incarnation, state) => {
        const slot = insert(ref, incarnation, state);
        if (members.bytes.length > 4000) return slot;
        const bytes = new Uint8Array(members.bytes.length * 3);
        bytes.set(members.bytes);
        members.bytes = bytes;
        return slot;
      };
    });
  });
});

describe("audit", () => {
  it("catches-a-change-behind-the-table's-back", () => {
    expectCaught("audit", death, (swim) => {
      const { members } = swim["protocol"].knowledge;
      const find = members.find.bind(members);
      members.find = (ref) => {
        const slot = find(ref);
        // The incarnation, which stands behind the identity.
        if (slot !== NONE && members.isActive(slot))
          members.bytes[members.identityAt(slot) + members.identityLength(slot)] = 7;
        return slot;
      };
    });
  });
});

describe("pulse", () => {
  it("catches-a-node-that-stops-probing", () => {
    expectCaught("pulse", death, (swim, host) => {
      const protocol = swim["protocol"];
      const probeNext = protocol["probeNext"].bind(protocol);
      let left = 5;
      Object.assign(protocol, {
        probeNext: (nowMs: number) => {
          if (host !== 3 || left-- > 0) return probeNext(nowMs);
          protocol.connection.deadlines.set(1, Infinity);
        },
      });
    });
  });
});

describe("pulse, of a node that never connects", () => {
  it("catches-news-that-do-not-connect-it", () => {
    expectCaught("pulse", death, (swim, host) => {
      if (host === 3) swim["protocol"].connection.follow = () => false;
    });
  });
});

describe("storm", () => {
  it("catches-nodes-that-answer-each-other-for-ever", () => {
    const parameters = { ...stalls.parameters, stalled: 10 };
    expectCaught("storm", { ...stalls, parameters }, (swim) => {
      Object.assign(swim["protocol"].connection, { noteDeath: () => Infinity });
    });
  });

  it("catches-a-node-that-asks-to-be-woken-at-once-for-ever", () => {
    expectCaught("storm", death, (swim, host) => {
      const handleTimer = swim.handleTimer.bind(swim);
      swim.handleTimer = () => {
        handleTimer();
        if (host === 3) swim["protocol"].knowledge.env.runtime.submitAfter(0);
      };
    });
  });
});
