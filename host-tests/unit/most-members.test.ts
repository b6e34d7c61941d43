// The most members that a node can hold. A slot is a number of 16 bits of which the last stands for nobody, and the settings
// end at 65,000.
import { beforeAll, describe, expect, it, test } from "vitest";
import {
  bincode,
  lan,
  Metric,
  renewableV4,
  State,
  Status,
  Swim,
  type Member,
  type Renewable,
} from "../../core/index.js";
import { IdentityRef } from "../../core/codec.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { seededRandom } from "../../platform/fake/random.js";

const MOST = 65_000;

function identityOf(index: number): Renewable {
  return { addr: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:7946`, bump: 1 };
}

function membersOf(first: number, count: number, state: Member<Renewable>["state"]): Member<Renewable>[] {
  return Array.from({ length: count }, (_, i) => ({
    identity: identityOf(first + i),
    incarnation: 0,
    state,
  }));
}

/** Hears nothing but what it is given, and notes to whom it sends. */
class Lone {
  nowMs = 0;
  to = "";
  readonly refused: string[] = [];
  readonly swim = new Swim<Renewable>({
    identity: identityOf(0),
    identityType: renewableV4,
    codec: bincode,
    // Else members that were only told of would give way to newcomers.
    config: { ...lan(MOST), initialMembers: 1024, preferHeard: false },
    random: seededRandom(7),
    runtime: {
      now: () => this.nowMs,
      sendTo: (to) => void (this.to = to.value.addr),
      submitAfter: () => undefined,
      memberRefused: ({ addr }) => void this.refused.push(addr),
    },
  });
}

/** A Ping from a host to the lone node, which is bincode's header of such identities. */
function pingFrom(index: number): Uint8Array {
  const bytes = new Uint8Array(64);
  const { schema } = renewableV4;
  let at = schema.write(bincode.dialect, identityOf(index), bytes, 0);
  bytes[at++] = 0;
  at = schema.write(bincode.dialect, identityOf(0), bytes, at);
  bytes.set([0, 9], at);
  return bytes.slice(0, at + 2);
}

describe("a node with 65,000 members", () => {
  const lone = new Lone();
  const { swim } = lone;

  beforeAll(() => swim.applyMany(membersOf(1, MOST, "Alive"), false));

  it("holds-and-finds-all-of-them", () => {
    expect(swim.numMembers).toBe(MOST);
    let found = 0;
    for (let index = 1; index <= MOST; index++) if (swim.knows(identityOf(index))) found++;
    expect(found).toBe(MOST);
    expect(swim.knows(identityOf(MOST + 1))).toBe(false);
  });

  it("refuses-one-more-counts-it-and-answers-it-all-the-same", () => {
    const before = swim.metrics[Metric.RefusedMembers];
    swim.applyMany(membersOf(MOST + 1, 2, "Alive"), true);
    expect(swim.metrics[Metric.RefusedMembers] - before).toBe(2);
    expect(lone.refused).toEqual([MOST + 1, MOST + 2].map((index) => identityOf(index).addr));
    expect(swim.numMembers).toBe(MOST);
    expect(swim.handleData(pingFrom(MOST + 3))).toBe(Status.Ok);
    expect([swim.numMembers, swim.knows(identityOf(MOST + 3))]).toEqual([MOST, false]);
    expect(lone.to).toBe(identityOf(MOST + 3).addr);
  });

  it("gives-the-place-of-a-dead-one-to-a-newcomer", () => {
    const gone = Array.from({ length: 20 }, (_, i) => 30_000 + i).filter((i) => swim.knows(identityOf(i)));
    swim.applyMany(
      gone.map((index) => ({ identity: identityOf(index), incarnation: 0, state: "Down" })),
      true,
    );
    expect(swim.numMembers).toBe(MOST - gone.length);
    swim.applyMany(membersOf(MOST + 100, gone.length, "Alive"), true);
    expect(swim.numMembers).toBe(MOST);
    expect(swim.knows(identityOf(MOST + 100))).toBe(true);
  });

  it("refuses-settings-beyond-that", () => {
    expect(() => swim.setConfig({ ...swim.config, maxMembers: MOST + 1 })).toThrow(RangeError);
    expect(lan(1_000_000).maxMembers).toBe(MOST);
  });
});

test("a-table-by-itself-would-have-65535-slots", () => {
  const members = new Members<Renewable>(renewableV4, bincode, NONE, NONE, seededRandom(7), 0);
  const ref = new IdentityRef<Renewable>(members, new Uint8Array(16));
  const refer = (index: number): IdentityRef<Renewable> => {
    ref.set(ref.bytes, 0, renewableV4.schema.write(bincode.dialect, identityOf(index), ref.bytes, 0));
    return ref;
  };
  for (let index = 0; index < NONE; index++) members.insert(refer(index), 0, State.Alive);
  let found = 0;
  for (let index = 0; index < NONE; index++) if (members.find(refer(index)) !== NONE) found++;
  expect(found).toBe(NONE);
});
