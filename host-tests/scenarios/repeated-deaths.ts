// Who is asked to ping a member that is Down tells that it is (`repeatDown`).
import { equal } from "../support/assert.js";
import { Solo } from "../support/solo.js";

function asked(subject: string, repeatDown = true, down = "Down 3.1@0"): Solo {
  const solo = new Solo({ knows: ["Alive 2.1@0", down], config: { repeatDown } });
  equal(solo.hear("PingReq", "2.1", { n: 7, subject }), "Ok");
  equal(solo.take(), [`IndirectPing(2.1, 7) > ${subject}`]);
  return solo;
}

export const scenarios: Record<string, () => void> = {
  "a-helper-that-is-asked-about-a-down-member-tells-of-the-death-once"() {
    const solo = asked("3.1");
    solo.hear("Ping", "2.1", { n: 7 });
    solo.hear("Ping", "2.1", { n: 8 });
    equal(solo.take(), ["Ack(7) > 2.1 + Down 3.1@0", "Ack(8) > 2.1"]);
  },

  "asked-twice-before-it-could-tell-it-tells-once"() {
    const solo = asked("3.1");
    solo.hear("PingReq", "2.1", { n: 8, subject: "3.1" });
    // What it passes on may tell of it, too.
    equal(solo.take(), ["IndirectPing(2.1, 8) > 3.1 + Down 3.1@0"]);
    equal(solo.swim.updatesBacklog, 1);
  },

  "asked-again-after-it-told-it-tells-again"() {
    const solo = asked("3.1");
    solo.hear("Ping", "2.1", { n: 7 });
    solo.hear("PingReq", "2.1", { n: 8, subject: "3.1" });
    solo.take();
    solo.hear("Ping", "2.1", { n: 8 });
    equal(solo.take(), ["Ack(8) > 2.1 + Down 3.1@0"]);
  },

  "of-a-nap-it-tells-with-its-promise"() {
    const solo = asked("3.1", true, "Down 3.1@62421");
    solo.hear("Ping", "2.1", { n: 7 });
    equal(solo.take(), ["Ack(7) > 2.1 + Down 3.1@62421"]);
  },

  "another-identity-at-that-address-is-not-spoken-of"() {
    const solo = asked("3.2");
    equal(solo.swim.updatesBacklog, 0);
  },

  "without-the-setting-it-tells-nothing"() {
    equal(asked("3.1", false).swim.updatesBacklog, 0);
  },
};
