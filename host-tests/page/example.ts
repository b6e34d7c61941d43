// A greenhouse whose sensors publish what they measure, for the pictures of the page.
import type { MemberJson } from "../../agent/src/server/seen-member.js";
import { closeCircle, member, MockAgent } from "./mock-agent.js";

const SECOND_MS = 1000;
const agoIso = (seconds: number): string => new Date(Date.now() - seconds * SECOND_MS).toISOString();

function sensor(host: number, celsius: number, more: Partial<MemberJson> = {}): MemberJson {
  const values = Array.from(
    { length: 12 },
    (_, index) => (celsius + Math.sin(host + index / 2)).toFixed(1) + " °C",
  );
  return member("10.1.7." + host + ":7946", {
    bump: 1 + (host % 3),
    incarnation: host % 2,
    rttMs: 2.1 + (host % 7) * 1.3,
    lastHeard: agoIso(host % 9),
    upSince: agoIso(86_400 * (host % 4) + 3600 * (host % 11) + 700),
    since: agoIso(3600 * (host % 11) + 700),
    value: values.at(-1) ?? null,
    valueAgeMs: 4000,
    history: values.map((value, index) => ({ at: agoIso((12 - index) * 30), value })),
    ...more,
  });
}

const MESSAGES: readonly [event: string, msg: string, level?: string][] = [
  ["ready", "10.1.7.10:7946 (bump 3) is ready"],
  ["memberUp", "member up 10.1.7.11:7946 (bump 3), members: 1"],
  ["memberUp", "member up 10.1.7.12:7946 (bump 1), members: 2"],
  ["value", 'value of 10.1.7.13:7946 (bump 2): "21.9 °C"'],
  ["memberNap", "member 10.1.7.17:7946 (bump 3) sleeps for 60000 ms"],
  ["memberSuspect", "member suspect 10.1.7.19:7946 (bump 2), says 10.1.7.14:7946 (bump 3)"],
  ["memberRefuted", "member refuted the suspicion 10.1.7.19:7946 (bump 2)"],
  ["trouble", "10.1.7.99:7946 sends in another codec: start it with --codec bincode", "warn"],
  ["memberDown", "member down 10.1.7.20:7946 (bump 3), members: 10"],
  ["memberSuspect", "member suspect 10.1.7.15:7946 (bump 1), says 10.1.7.12:7946 (bump 1)"],
  ["value", 'value of 10.1.7.12:7946 (bump 1): "20.6 °C"'],
];

/** An agent with a dozen members, of which one is suspected, one sleeps and one is gone. */
export function exampleAgent(): MockAgent {
  const members = [
    sensor(11, 22),
    sensor(12, 20.4),
    sensor(13, 21.5),
    sensor(14, 23.1),
    sensor(15, 19.8, {
      state: "Suspect",
      since: agoIso(2),
      suspectedBy: "10.1.7.12:7946",
      lastHeard: agoIso(14),
    }),
    sensor(16, 22.4),
    sensor(17, 18.2, { state: "Asleep", since: agoIso(18), napUntil: agoIso(-42), lastHeard: agoIso(18) }),
    sensor(18, 21),
    sensor(19, 24.3, { flaps: 2 }),
    sensor(20, 20, { state: "Down", since: agoIso(95), lastHeard: agoIso(110) }),
    sensor(21, 22.9),
    sensor(22, 21.7),
  ];
  const agent = new MockAgent({
    self: { addr: "10.1.7.10:7946", rttMs: 4.2, value: "gateway, 11 sensors", valueAgeMs: 60_000 },
    members,
    info: { config: { name: "lan", size: 13, values: {} }, rttMs: 4.2, sealing: "require", keyIds: [1] },
  });
  closeCircle([agent.self, ...shuffled(members)]);
  for (const [event, msg, level] of MESSAGES) agent.tell(event, msg, level);
  return agent;
}

/** The circle is in the order of hashes, not of addresses. */
function shuffled(members: readonly MemberJson[]): MemberJson[] {
  return members
    .map((one, index) => ({ one, at: (index * 7) % members.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
