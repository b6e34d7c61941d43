// A runtime that asks for no notification lives through all that there is to be notified of.
import { expect, test } from "vitest";
import { Solo, type SoloOptions } from "../support/solo.js";

const NOTIFICATIONS = [
  "memberUp",
  "memberDown",
  "memberNap",
  "memberOverdue",
  "rename",
  "active",
  "idle",
  "defunct",
  "rejoin",
  "memberRefused",
  "probeFailed",
] as const;

/** A runtime without the methods that may be left out. */
class Bare extends Solo {
  constructor(options: SoloOptions) {
    super(options);
    for (const name of NOTIFICATIONS) Object.defineProperty(this, name, { value: undefined });
  }
}

test("a-runtime-without-notifications-sees-members-come-and-go", () => {
  const solo = new Bare({ config: { maxMembers: 6, removeDownAfterMs: 20_000 } });
  solo.hear("Gossip", "2.1", { updates: ["Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0"] });
  expect(solo.swim.isConnected).toBe(true);
  solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0", "Suspect 4.1@0"] });
  solo.hear("Gossip", "2.1", { updates: ["Alive 3.1@1", "Down 4.1@0", "Down 5.1@61440"] });
  solo.hear("Announce", "4.2");
  expect(solo.state).toEqual(["Alive 2.1@0", "Alive 3.1@1", "Alive 4.2@0", "Down 5.1@61440"]);
  solo.hear("Gossip", "2.1", { updates: ["Alive 6.1@0", "Alive 7.1@0", "Alive 8.1@0", "Alive 9.1@0"] });
  expect(solo.state.length).toBe(6);
  // Nobody answers, so all are found dead, and forgotten; who slept was overdue before.
  solo.pass(300_000);
  expect([solo.swim.isConnected, solo.state]).toEqual([false, []]);
});

test("a-runtime-without-notifications-dies-and-comes-back", () => {
  const solo = new Bare({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
  expect(solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] })).toBe("Ok");
  solo.pass(1000);
  expect([solo.identity, solo.swim.isDefunct]).toEqual(["1.2", false]);
  solo.swim.leaveCluster();
  expect(solo.swim.isDefunct).toBe(true);
  solo.swim.wake();
  expect([solo.identity, solo.swim.isDefunct]).toEqual(["1.3", false]);
});

test("a-runtime-without-notifications-has-a-member-that-comes-back-too-late", () => {
  const solo = new Bare({ knows: ["Alive 2.1@0"] });
  solo.hear("Gossip", "2.1", { updates: ["Down 3.1@61440"] });
  solo.pass(9000);
  expect(solo.state).toContain("Down 3.1@61440");
  solo.pass(1000);
  expect(solo.state).toContain("Down 3.1@0");
});
