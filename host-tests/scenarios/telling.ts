// What the program is told of suspicions, refutations, farewells and failed probes.
import type { Renewable } from "../../core/identity.js";
import type { Runtime } from "../../core/runtime.js";
import { equal } from "../support/assert.js";
import { Solo, type SoloOptions } from "../support/solo.js";
import { nameOf } from "../support/wire.js";

/** One that is told all there is. */
function told(options: SoloOptions = {}): Solo {
  const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], ...options });
  const methods: Partial<Runtime<Renewable>> = {
    memberLeft: (identity) => solo.events.push("memberLeft " + nameOf(identity)),
    memberSuspected: (identity, by) =>
      solo.events.push("suspected " + nameOf(identity) + " by " + (by === undefined ? "?" : nameOf(by))),
    memberRefuted: (identity) => solo.events.push("refuted " + nameOf(identity)),
    probeFailed: (number, identity, asked, answered) =>
      solo.events.push(["probeFailed", number, nameOf(identity), asked, answered].join(" ")),
  };
  Object.assign(solo, methods);
  return solo;
}

const HELPED = { numIndirectProbes: 2, holdWhenDeaf: true };
const FOUR = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0"];

/** Begins the first probe and comes to its indirect stage; returns its target and the helpers. */
function asking(solo: Solo): { target: string; helpers: string[] } {
  solo.pass(1500);
  const target = solo.datagrams.find(({ kind }) => kind === "Ping")?.to as string;
  solo.take();
  solo.pass(500);
  const helpers = solo.datagrams.filter(({ kind }) => kind === "PingReq").map(({ to }) => to);
  solo.take();
  return { target, helpers };
}

export const scenarios: Record<string, () => void> = {
  "a-suspicion-is-told-once-with-who-told-of-it"() {
    const solo = told();
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
    equal(solo.takeEvents(), ["suspected 3.1 by 2.1"]);
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
    equal(solo.takeEvents(), []);
    // It was Suspect at the incarnation before, too.
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@1"] });
    equal(solo.takeEvents(), []);
  },

  "a-refutation-is-told-once-by-a-datagram-of-the-suspect-or-by-others"() {
    const solo = told({ knows: ["Alive 2.1@0", "Suspect 3.1@0", "Suspect 4.1@0"] });
    solo.hear("Ping", "3.1", { n: 1, incarnation: 1 });
    equal(solo.takeEvents(), ["refuted 3.1"]);
    solo.hear("Gossip", "2.1", { updates: ["Alive 4.1@1", "Alive 3.1@2"] });
    equal(solo.takeEvents(), ["refuted 4.1"]);
    solo.hear("Gossip", "2.1", { updates: ["Suspect 4.1@1"] });
    equal(solo.takeEvents(), ["suspected 4.1 by 2.1"]);
  },

  "who-is-new-and-Suspect-is-up-and-suspected"() {
    const solo = told();
    solo.hear("Gossip", "2.1", { updates: ["Suspect 4.1@0"] });
    equal(solo.takeEvents(), ["memberUp 4.1", "suspected 4.1 by 2.1"]);
  },

  "a-new-life-neither-refutes-nor-is-suspected-for-the-one-before"() {
    const solo = told({ knows: ["Alive 2.1@0", "Suspect 3.1@0"] });
    solo.hear("Announce", "3.2");
    equal(solo.takeEvents(), ["rename 3.1 3.2"]);
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.2@0"] });
    equal(solo.takeEvents(), ["suspected 3.2 by 2.1"]);
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.3@0"] });
    equal(solo.takeEvents(), ["rename 3.2 3.3", "suspected 3.3 by 2.1"]);
  },

  "who-left-is-told-apart-from-who-died"() {
    const solo = told({ knows: [...FOUR.slice(0, 3), "Suspect 5.1@0"] });
    solo.hear("Gossip", "3.1", { updates: ["Down 3.1@0"] });
    equal(solo.takeEvents(), ["memberLeft 3.1"]);
    solo.hear("Gossip", "2.1", { updates: ["Down 4.1@0"] });
    equal(solo.takeEvents(), ["memberLeft 4.1"]);
    solo.hear("Gossip", "2.1", { updates: ["Down 5.1@0"] });
    equal(solo.takeEvents(), ["memberDown 5.1"]);
  },

  "who-left-is-Down-where-nobody-asks-for-the-difference"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.hear("Gossip", "3.1", { updates: ["Down 3.1@0"] });
    equal(solo.takeEvents(), ["memberDown 3.1"]);
  },

  "whom-the-program-suspects-is-suspected-by-nobody"() {
    const solo = told();
    solo.hear("Gossip", "2.1");
    solo.takeEvents();
    solo.learn(["Suspect 3.1@0"], true);
    equal(solo.takeEvents(), ["suspected 3.1 by ?"]);
  },

  "who-told-of-it-and-was-forgotten-by-the-same-datagram-is-not-named"() {
    const solo = told({ config: { maxMembers: 2 } });
    solo.hear("Gossip", "2.1", { updates: ["Down 2.1@0", "Alive 4.1@0", "Suspect 3.1@0"] });
    equal(solo.takeEvents(), ["memberLeft 2.1", "memberUp 4.1", "suspected 3.1 by ?"]);
  },

  "a-failed-probe-tells-how-many-helpers-were-asked-and-how-many-answered-us"() {
    const solo = told({ knows: FOUR, config: HELPED });
    const { target, helpers } = asking(solo);
    solo.hear("Ack", helpers[1], { n: 1 });
    solo.hear("Ack", helpers[1], { n: 1 });
    solo.pass(1000);
    equal(solo.takeEvents().slice(-2), [`probeFailed 1 ${target} 2 1`, `suspected ${target} by 1.1`]);
  },

  "each-helper-that-answers-counts-once-in-any-order"() {
    const solo = told({ knows: FOUR, config: { ...HELPED, numIndirectProbes: 3 } });
    const { target, helpers } = asking(solo);
    for (const at of [2, 0, 2, 0]) solo.hear("Ack", helpers[at], { n: 1 });
    solo.pass(1000);
    equal(solo.takeEvents().slice(-2), [`probeFailed 1 ${target} 3 2`, `suspected ${target} by 1.1`]);
  },

  "a-suspicion-that-throws-where-it-is-told-has-its-end-all-the-same"() {
    const solo = told();
    const methods: Partial<Runtime<Renewable>> = {
      memberSuspected: () => {
        throw new Error("broke");
      },
    };
    Object.assign(solo, methods);
    let errors = 0;
    for (let ms = 0; ms < 20_000; ms += 100) {
      try {
        solo.pass(100);
      } catch {
        errors++;
      }
    }
    equal([errors, solo.takeEvents().filter((event) => event.startsWith("memberDown")).length], [2, 2]);
  },
};
