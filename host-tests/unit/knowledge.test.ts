// What follows from news: who is told of it, and what is owed to whom.
import { expect, test } from "vitest";
import type { Keeper } from "../../core/keeper.js";
import type { Knowledge } from "../../core/knowledge.js";
import { point } from "../../core/ring.js";
import type { Renewable } from "../../core/identity.js";
import { Solo, type SoloOptions } from "../support/solo.js";
import { nameOf, peer } from "../support/wire.js";

function knowledgeOf(solo: Solo): Knowledge<Renewable> {
  return (solo.swim as unknown as { protocol: { knowledge: Knowledge<Renewable> } }).protocol.knowledge;
}

/** Writes down what a keeper is told. */
class Clerk implements Keeper<Renewable> {
  told: string[] = [];
  readonly isAsking = false;
  attach(): void {}
  joined(): void {
    this.told.push("joined");
  }
  forgotten(): void {
    this.told.push("forgotten");
  }
  renamed(): void {
    this.told.push("renamed");
  }
  stateChanged(): void {
    this.told.push("changed");
  }
  addItems(_to: unknown, _out: Uint8Array, at: number): number {
    return at;
  }
  receiveItem(): null {
    return null;
  }
  take(): string[] {
    const told = this.told;
    this.told = [];
    return told;
  }
}

test("a-keeper-is-told-who-comes-goes-and-is-forgotten-and-of-nothing-else", () => {
  const clerk = new Clerk();
  const solo = new Solo({ keeper: clerk, config: { removeDownAfterMs: 1000, probePeriodMs: 1e6 } });
  solo.hear("Ping", "2.1", { n: 1 });
  expect(clerk.take()).toEqual(["changed", "joined"]);
  solo.hear("Gossip", "2.1", { updates: ["Alive 3.1@0"] });
  expect(clerk.take()).toEqual(["changed"]);
  solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
  solo.hear("Gossip", "2.1", { updates: ["Alive 3.1@1"] });
  expect(clerk.take()).toEqual([]);
  solo.hear("Gossip", "2.1", { updates: ["Alive 3.2@0"] });
  expect(clerk.take()).toEqual(["renamed"]);
  solo.hear("Gossip", "2.1", { updates: ["Down 3.2@0"] });
  expect(clerk.take()).toEqual(["changed"]);
  solo.pass(1000);
  expect(clerk.take()).toEqual(["forgotten"]);
});

test("who-is-suspected-or-refutes-has-not-joined-anew", () => {
  const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
  const knowledge = knowledgeOf(solo);
  const before = knowledge.numJoined;
  solo.learn(["Suspect 2.1@0", "Alive 2.1@1", "Down 2.1@1"], false);
  expect(knowledge.numJoined).toBe(before);
  solo.learn(["Alive 2.2@0", "Alive 4.1@0", "Down 5.1@0"], false);
  expect(knowledge.numJoined).toBe(before + 2);
});

/** Hosts 2 to 9, from the one that comes after host 1 on the circle. */
const around = [2, 3, 4, 5, 6, 7, 8, 9].sort((a, b) => ahead(a) - ahead(b));
function ahead(host: number): number {
  const at = (one: number): number => point(Uint8Array.of(10, 0, 0, one, 251, 0x58, 0x1b), 0, 7);
  return (at(host) - at(1)) >>> 0;
}

test("a-new-successor-is-owed-all-news", () => {
  const [first, second, third] = around;
  const solo = new Solo();
  const knowledge = knowledgeOf(solo);
  const owes = (): boolean => {
    const owed = knowledge.owesSuccessor;
    knowledge.owesSuccessor = false;
    return owed;
  };
  solo.learn([`Alive ${second}.1@0`], false);
  expect(knowledge.members.value(knowledge.ring.successor)).toMatchObject({ addr: `10.0.0.${second}:7000` });
  owes();
  solo.learn([`Alive ${third}.1@0`], false);
  expect(owes()).toBe(false);
  solo.learn([`Alive ${first}.1@0`], false);
  expect(owes()).toBe(true);
  expect(knowledge.ring.heardSuccessor).not.toBe(knowledge.ring.successor);
  solo.hear("Ping", third + ".1", { n: 1 });
  expect(owes()).toBe(true);
  solo.hear("Ping", third + ".1", { n: 2 });
  expect(owes()).toBe(false);
});

test("who-is-called-Down-again-is-not-told-of-once-more", () => {
  const solo = new Solo({ config: { repeatDown: true }, knows: ["Alive 2.1@0", "Down 3.1@0"] });
  solo.hear("Gossip", "2.1", { updates: ["Down 3.1@7"] });
  expect(solo.swim.updatesBacklog).toBe(0);
  solo.hear("Gossip", "2.1", { updates: ["Alive 3.1@0"] });
  expect(solo.swim.updatesBacklog).toBe(1);
});

class Witness extends Solo {
  constructor(options: SoloOptions) {
    super(options);
    this.events = [];
  }
  memberSuspected(identity: Renewable, by: Renewable | undefined): void {
    this.events.push("suspected " + nameOf(identity) + " by " + (by === undefined ? "nobody" : nameOf(by)));
  }
  memberLeft(identity: Renewable): void {
    this.events.push("left " + nameOf(identity));
  }
}

test("who-suspects-is-named-though-the-same-datagram-had-another-forgotten", () => {
  const knows = ["Alive 2.1@0", "Alive 3.1@0", "Down 5.1@0"];
  const solo = new Witness({ config: { maxMembers: 3 }, knows });
  solo.hear("Gossip", "2.1", { updates: ["Alive 6.1@0", "Suspect 3.1@0"] });
  expect(solo.takeEvents()).toEqual(["memberUp 6.1", "suspected 3.1 by 2.1"]);
});

test("a-suspect-whose-next-life-is-Down-did-not-leave", () => {
  const solo = new Witness({ knows: ["Alive 2.1@0", "Suspect 3.1@0", "Alive 4.1@0"] });
  solo.hear("Gossip", "2.1", { updates: ["Down 3.2@0", "Down 4.2@0"] });
  expect(solo.takeEvents()).toEqual(["rename 3.1 3.2", "memberDown 3.2", "rename 4.1 4.2", "left 4.2"]);
});

test("the-dead-are-sought-soon-after-a-death-and-not-after-a-refutation", () => {
  const periodicAnnounceToDownMembers = { frequencyMs: 60_000, numMembers: 1 };
  for (const [news, isSought] of [
    ["Alive 3.1@1", false],
    ["Down 3.1@0", true],
  ] as const) {
    const solo = new Solo({
      config: { seekDown: true, periodicAnnounceToDownMembers, probePeriodMs: 1e6 },
      knows: ["Alive 2.1@0", "Suspect 3.1@0", "Down 4.1@0"],
    });
    solo.hear("Gossip", "2.1", { updates: [news] });
    solo.take();
    solo.pass(8000);
    expect(solo.take().some((line) => line.startsWith("Announce"))).toBe(isSought);
  }
});

test("our-new-successor-takes-the-place-of-the-former-only-where-nobody-else-can-go", () => {
  const [first, second, third, fourth, fifth] = around;
  for (const others of [[`Down ${fifth}.1@0`], [`Alive ${fourth}.1@0`, `Down ${fifth}.1@0`], []]) {
    const config = { preferHeard: true, maxMembers: 2 + others.length };
    const solo = new Solo({ config, knows: [`Alive ${second}.1@0`, `Alive ${third}.1@0`, ...others] });
    for (const host of [second, third]) solo.hear("Ping", host + ".1", { n: 1 });
    solo.hear("Ping", first + ".1", { n: 1 });
    const places = solo.state.map((line) => line.split(/[ .]/)).map(([state, host]) => [state, Number(host)]);
    const isThere = (host: number): boolean => places.some((place) => place[1] === host);
    expect(isThere(first)).toBe(true);
    expect([isThere(second), isThere(third)]).toEqual([others.length > 0, true]);
    // Whom we were only told of goes before who is Down.
    expect([isThere(fourth), isThere(fifth)]).toEqual([false, others.length === 2]);
  }
});

test("who-has-just-started-owes-nobody-anything", () => {
  const { owesSuccessor, successorIsNew } = knowledgeOf(new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] }));
  expect([owesSuccessor, successorIsNew]).toEqual([false, false]);
});

/** A node with room for as many, that has heard those of some hosts, and was told of those of others. */
function crowded(maxMembers: number, heard: number[], strangers: number[], seed = 7): Solo {
  const knows = [...heard, ...strangers].map((host) => `Alive ${host}.1@0`);
  const solo = new Solo({ config: { preferHeard: true, maxMembers: knows.length }, knows, seed });
  for (const host of heard) solo.hear("Gossip", host + ".1");
  solo.swim.setConfig({ ...solo.swim.config, maxMembers });
  return solo;
}

function hostsOf(solo: Solo): number[] {
  return solo.state.map((line) => Number(line.split(/[ .]/)[1])).sort((a, b) => a - b);
}

test("where-more-than-one-would-have-to-go-our-new-successor-takes-no-place", () => {
  const [first, ...others] = around.slice(0, 5);
  const solo = crowded(3, others, []);
  solo.hear("Gossip", first + ".1");
  expect(hostsOf(solo)).toEqual([...others].sort());
});

test("a-new-successor-that-we-are-told-of-may-take-the-place-of-the-former", () => {
  const [first, ...others] = around.slice(0, 5);
  const gone = new Set<number>();
  for (let seed = 1; seed <= 20; seed++) {
    const solo = crowded(4, [], others, seed);
    solo.learn([`Alive ${first}.1@0`], false);
    for (const host of others) if (!hostsOf(solo).includes(host)) gone.add(host);
  }
  expect([...gone].sort()).toEqual([...others].sort());
});

test("our-successor-counts-among-those-that-may-go-only-when-it-was-heard", () => {
  const [second, third, fourth, fifth, sixth] = around.slice(1);
  const before = [second, third, fourth, fifth].sort();
  // Two have to go: of two strangers one is our successor, and stays.
  const refusing = crowded(3, [fourth, fifth], [second, third]);
  refusing.hear("Gossip", sixth + ".1");
  expect(hostsOf(refusing)).toEqual(before);
  const taking = crowded(3, [second, fifth], [third, fourth]);
  taking.hear("Gossip", sixth + ".1");
  expect(hostsOf(taking)).toEqual([second, fifth, sixth].sort());
});

test("what-is-not-to-be-spread-takes-no-farewell-back", () => {
  const solo = new Solo({ knows: ["Alive 2.1@0"] });
  solo.swim.changeIdentity(peer("1.2"));
  solo.take();
  solo.learn(["Down 1.1@0"], false);
  solo.hear("Ping", "2.1", { n: 1 });
  expect(solo.take()).toEqual(["Ack(1) > 2.1 + Down 1.1@0"]);
});

test("who-finds-no-room-makes-nobody-gossip", () => {
  const solo = new Solo({ config: { maxMembers: 2 }, knows: ["Alive 2.1@0", "Alive 3.1@0"] });
  solo.hear("Gossip", "2.1", { updates: ["Alive 9.1@0"] });
  expect(solo.take()).toEqual([]);
});
