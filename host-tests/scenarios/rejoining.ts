// Coming back after being declared Down: past whom, how soon, how often, and what becomes of the identity given up.
import { lan, simple } from "../../core/config.js";
import { renewableV4, type Renewable } from "../../core/identity.js";
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { exchange } from "../support/pair.js";
import { Solo, type Says } from "../support/solo.js";
import { renewing } from "./ourselves.js";

const LAST = 0xffffffffffffffffn;

/** Dies of a TurnUndead as often as told, with so many milliseconds before each; returns the bumps that it took. */
function die(solo: Solo, times: number, gapMs: number, says: Says = {}): string[] {
  const bumps: string[] = [];
  for (let i = 0; i < times; i++) {
    solo.pass(gapMs);
    solo.hear("TurnUndead", "2.1", says);
    bumps.push(String(solo.swim.identity.bump));
  }
  solo.take();
  return bumps;
}

function connected(identity = "1.1"): Solo {
  return new Solo({ identity, knows: ["Alive 2.1@0", "Alive 3.1@0"] });
}

export const scenarios: Record<string, () => void> = {
  "told-who-holds-its-address-it-renews-past-that-one-at-once"() {
    const solo = connected("1.5");
    solo.hear("TurnUndead", "2.1", { updates: ["Down 1.900@0"] });
    equal(solo.identity, "1.901");
    equal(solo.takeEvents(), ["rejoin 1.901"]);
  },

  "two-of-ours-settle-a-clock-set-back-by-a-year-with-one-renewal"() {
    const config = { ...lan(10), periodicGossip: null };
    const old = new Solo({ config, identity: "2.1", knows: ["Down 1.1700000000@3"] });
    const back = new Solo({ config, identity: "1.1668464000", seed: 8 });
    back.swim.announce(old.swim.identity);
    const delivered = exchange([old, back], 100);
    equal(back.identity, "1.1700000001");
    ok(delivered <= 8, delivered + " datagrams");
    equal(back.swim.metrics[Metric.Rejoins], 1);
    equal(old.state, ["Alive 1.1700000001@0"]);
  },

  "told-no-reason-it-goes-farther-with-each-further-death"() {
    const solo = connected();
    equal(die(solo, 5, 100), ["2", "18", "274", "4370", "69906"]);
  },

  "a-death-long-after-the-last-is-an-incident-of-its-own"() {
    const solo = connected();
    equal(die(solo, 3, 20_000), ["2", "3", "4"]);
  },

  "comes-back-a-few-times-at-once-and-then-once-a-second"() {
    const solo = connected();
    die(solo, 8, 0);
    equal(solo.swim.metrics[Metric.Rejoins], 8);
    const bump = solo.swim.identity.bump;
    solo.hear("TurnUndead", "2.1");
    solo.hear("TurnUndead", "3.1");
    equal(solo.swim.identity.bump, bump, "waits for its turn");
    solo.pass(999);
    equal(solo.swim.metrics[Metric.Rejoins], 8);
    solo.pass(1);
    equal(solo.swim.metrics[Metric.Rejoins], 9);
    ok(!solo.swim.isDefunct, "it is back");
    for (let second = 0; second < 60; second++) {
      for (let i = 0; i < 50; i++) solo.hear("TurnUndead", "2.1");
      solo.pass(1000);
    }
    ok(solo.swim.metrics[Metric.Rejoins] <= 70, solo.swim.metrics[Metric.Rejoins] + " rejoins in a minute");
  },

  "while-it-waits-for-its-turn-it-may-leave-or-change-its-identity"() {
    const left = connected();
    die(left, 9, 0);
    left.swim.leaveCluster();
    left.takeEvents();
    left.pass(5000);
    equal(left.takeEvents(), []);
    const changed = connected();
    die(changed, 9, 0);
    changed.swim.changeIdentity({ addr: "10.0.0.9:7000", bump: 3 });
    changed.pass(5000);
    equal(changed.identity, "9.3");
  },

  "a-turn-to-come-back-outlasts-being-alone"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    die(solo, 9, 0);
    const bump = solo.swim.identity.bump;
    solo.hear("Gossip", "3.1", { updates: ["Down 2.1@0", "Down 3.1@0"] });
    ok(!solo.swim.isConnected, "alone");
    solo.pass(1000);
    ok(solo.swim.identity.bump !== bump, "it renewed");
  },

  "forged-holders-cannot-use-up-the-bumps"() {
    const solo = connected();
    let bump = 1n;
    // The farthest that a renewal may go is a 2^20-th of what is left.
    for (let i = 0; i < 500; i++) {
      solo.pass(1000);
      solo.hear("TurnUndead", "2.1", { updates: ["Alive 1." + (2 ** 53 - 1) + "@0"] });
      const next = BigInt(solo.swim.identity.bump);
      ok(next > bump, "it came back");
      ok(next - bump <= (LAST - bump) / 1_048_576n + 1n, "a step of " + (next - bump));
      bump = next;
    }
    // Eight minutes of forging once a second took less than a 2000th.
    ok(bump < LAST / 2000n, "bump " + bump);
  },

  "a-holder-with-the-last-bump-leaves-us-a-member-of-ever-larger-bumps"() {
    const near = { addr: "10.0.0.1:7000", bump: (LAST - 5n).toString() };
    const past = { addr: near.addr, bump: LAST.toString() };
    equal(renewableV4.renew(near, 1, past)?.bump, (LAST - 4n).toString());
    equal(renewableV4.renew(near, 2 ** 40)?.bump, (LAST - 4n).toString());
    equal(renewableV4.renew({ addr: near.addr, bump: 7 }, 16)?.bump, 23);
    equal(renewableV4.renew({ addr: near.addr, bump: 7 }, 16, { addr: near.addr, bump: 9 })?.bump, 10);
  },

  "a-rule-of-the-user-is-applied-until-it-wins-against-the-holder"() {
    const type = renewing((id) => ({ addr: id.addr, bump: Number(id.bump) + 1 }));
    const solo = new Solo({ identity: "1.5", identityType: type, knows: ["Alive 2.1@0"] });
    solo.hear("TurnUndead", "2.1", { updates: ["Alive 1.40@0"] });
    equal(solo.identity, "1.41");
    let calls = 0;
    const counting = renewing((id) => {
      calls++;
      return { addr: id.addr, bump: Number(id.bump) + 1 };
    });
    counting.renew({ addr: "10.0.0.1:7000", bump: 1 }, 2 ** 44);
    ok(calls <= 1024, calls + " calls");
  },

  "a-rule-that-counts-in-a-circle-never-falls-behind"() {
    const type = renewing((id) => ({ addr: id.addr, bump: (Number(id.bump) + 1) % 8 }));
    const seven = { addr: "10.0.0.1:7000", bump: 6 };
    equal((type.renew(seven, 5) as Renewable).bump, 7);
  },

  "the-sender-of-an-older-identity-is-told-who-has-its-address"() {
    const solo = new Solo({ config: { notifyDownMembers: true }, knows: ["Alive 2.5@7", "Down 3.5@0"] });
    solo.hear("Gossip", "2.4");
    solo.hear("Announce", "3.4");
    // Who is Down under the very identity that it speaks with has nobody in its place.
    solo.hear("Ping", "3.5", { n: 1 });
    equal(solo.take(), [
      "TurnUndead > 2.4 + Alive 2.5@7",
      "TurnUndead > 3.4 + Down 3.5@0",
      "TurnUndead > 3.5",
    ]);
  },

  "leaving-and-coming-back-under-the-same-identity-takes-the-farewell-back"() {
    const solo = connected();
    solo.swim.leaveCluster();
    equal(solo.take().sort(), ["Gossip > 2.1 + Down 1.1@0", "Gossip > 3.1 + Down 1.1@0"]);
    solo.swim.reuseDownIdentity();
    solo.hear("Ping", "2.1", { n: 4 });
    equal(solo.take(), ["Ack(4) > 2.1"]);
  },

  "both-identities-given-up-one-after-the-other-are-declared-down"() {
    const solo = connected();
    solo.swim.changeIdentity({ addr: "10.0.0.8:7000", bump: 1 });
    solo.swim.changeIdentity({ addr: "10.0.0.9:7000", bump: 1 });
    solo.take();
    solo.hear("Ping", "2.1", { n: 4 });
    equal(solo.take(), ["Ack(4) > 2.1 + Down 8.1@0 + Down 1.1@0"]);
    equal(solo.swim.updatesBacklog, 2);
  },

  "of-the-identities-given-up-at-one-address-the-last-is-declared-down"() {
    const solo = connected();
    solo.swim.changeIdentity({ addr: "10.0.0.1:7000", bump: 2 });
    solo.swim.changeIdentity({ addr: "10.0.0.1:7000", bump: 3 });
    equal(solo.swim.updatesBacklog, 1);
    solo.take();
    solo.hear("Ping", "2.1", { n: 4 });
    equal(solo.take(), ["Ack(4) > 2.1 + Down 1.2@0"]);
  },

  "farewells-are-bounded"() {
    const solo = connected();
    for (let host = 10; host < 40; host++) solo.swim.changeIdentity({ addr: `10.0.0.${host}:7000`, bump: 1 });
    equal(solo.swim.updatesBacklog, 4);
    solo.take();
    solo.hear("Ping", "2.1", { n: 4 });
    equal(solo.take(), ["Ack(4) > 2.1 + Down 38.1@0 + Down 37.1@0 + Down 36.1@0 + Down 35.1@0"]);
  },

  "going-back-to-an-identity-that-was-given-up-takes-its-farewell-back"() {
    const solo = connected();
    solo.swim.changeIdentity({ addr: "10.0.0.8:7000", bump: 1 });
    solo.swim.changeIdentity({ addr: "10.0.0.1:7000", bump: 1 });
    solo.take();
    solo.hear("Ping", "2.1", { n: 4 });
    equal(solo.take(), ["Ack(4) > 2.1 + Down 8.1@0"]);
  },

  "a-datagram-that-suspects-it-ninety-times-makes-it-gossip-once"() {
    const solo = connected();
    const updates: string[] = [];
    for (let i = 0; i < 90; i++) updates.push("Suspect 1.1@" + i);
    solo.hear("Gossip", "2.1", { updates });
    equal(solo.take().sort(), ["Gossip > 2.1", "Gossip > 3.1"]);
    equal(solo.swim.incarnation, 90);
  },

  "fewer-helpers-than-asked-still-answer"() {
    const knows = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0"];
    const solo = new Solo({ knows });
    solo.pass(1500);
    const [ping] = solo.datagrams;
    solo.take();
    solo.pass(500);
    const helpers = solo.datagrams.map((sent) => sent.to);
    equal(helpers.length, 3);
    solo.swim.setConfig({ ...simple(), numIndirectProbes: 1 });
    solo.hear("ForwardedAck", helpers[2], { subject: ping.to, n: ping.n as number });
    solo.take();
    solo.pass(1000);
    ok(!solo.state.some((line) => line.startsWith("Suspect")), "nobody is suspected");
    equal(solo.swim.metrics[Metric.ProbeFailures], 0);
  },

  "an-incident-is-over-ten-seconds-after-the-ration-that-a-death-took-is-whole-again"() {
    equal(die(connected(), 2, 11_000), ["2", "18"]);
    equal(die(connected(), 2, 11_001), ["2", "3"]);
  },

  "an-older-life-of-ours-that-is-remembered-shortens-no-step"() {
    const solo = new Solo({ identity: "1.5", knows: ["Alive 2.1@0", "Down 1.4@0"] });
    equal(die(solo, 2, 0), ["6", "22"]);
  },
};
