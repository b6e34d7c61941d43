import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bincode, renewableAddr, type Renewable } from "xswim";
import { circlePoint } from "xswim/node";
import { ClusterView, type AgentNode } from "../../agent/src/server/cluster-view.js";

const SELF = { addr: "10.0.0.1:7946", bump: 1 };
const at = (host: number, bump = 1): Renewable => ({ addr: "10.0.0." + host + ":7946", bump });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2030-01-01T00:00:00Z"), toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

/** A view of a node that knows nothing. */
function makeView(): ClusterView {
  const swim = { incarnation: 3, forEachMember: () => undefined, find: () => undefined };
  const node = { identity: SELF, rttMs: NaN, swim, value: () => undefined, valueAgeMs: () => 2000 };
  const view = new ClusterView(bincode);
  view.attach(node as unknown as AgentNode);
  return view;
}
const memberOf = (view: ClusterView, host: number): ReturnType<ClusterView["json"]>["self"] | undefined =>
  view.json().members.find(({ addr }) => addr === at(host).addr);

test("shows-a-member-and-what-it-did", () => {
  const view = makeView();
  view.up(at(2, 7));
  pass(1000);
  view.answered(at(2), 1.23456);
  view.heard(at(2));
  view.valueCame("22 °C", at(2));
  pass(500);
  expect(memberOf(view, 2)).toEqual({
    addr: "10.0.0.2:7946",
    bump: 7,
    state: "Alive",
    incarnation: 0,
    since: "2030-01-01T00:00:00.000Z",
    upSince: "2030-01-01T00:00:00.000Z",
    rttMs: 1.23,
    flaps: 0,
    suspectedBy: null,
    lastHeard: "2030-01-01T00:00:01.000Z",
    napUntil: null,
    value: "22 °C",
    valueAgeMs: 2500,
    history: [{ at: "2029-12-31T23:59:59.000Z", value: "22 °C" }],
    successor: SELF.addr,
  });
  expect(view.json().self).toMatchObject({ ...SELF, state: "Alive", incarnation: 3, successor: at(2).addr });
});

test("counts-how-often-a-member-flapped-within-the-last-hour", () => {
  const view = makeView();
  view.up(at(2));
  view.suspect(at(2), at(3));
  expect(memberOf(view, 2)).toMatchObject({ state: "Suspect", suspectedBy: at(3).addr, flaps: 0 });
  view.refuted(at(2));
  expect(memberOf(view, 2)).toMatchObject({ state: "Alive", suspectedBy: null, flaps: 1 });
  pass(1_800_000);
  view.suspect(at(2), undefined);
  view.down(at(2));
  view.up(at(2, 2));
  expect(memberOf(view, 2)).toMatchObject({ bump: 2, flaps: 2 });
  expect(view.counts).toMatchObject({ suspected: 2, refuted: 1, down: 1, up: 2, flapped: 1 });
  pass(1_800_000);
  expect(memberOf(view, 2)).toMatchObject({ flaps: 1 });
});

test("does-not-take-a-farewell-and-a-return-for-a-flap", () => {
  const view = makeView();
  view.up(at(2));
  view.left(at(2));
  expect(memberOf(view, 2)?.state).toBe("Left");
  view.up(at(2, 2));
  expect(memberOf(view, 2)).toMatchObject({ state: "Alive", flaps: 0 });
});

test("shows-until-when-a-member-naps-and-that-it-is-overdue", () => {
  const view = makeView();
  view.up(at(2));
  view.nap(at(2), 60_000);
  expect(memberOf(view, 2)).toMatchObject({ state: "Asleep", napUntil: "2030-01-01T00:01:00.000Z" });
  view.down(at(2));
  expect(memberOf(view, 2)).toMatchObject({ state: "Down", napUntil: null });
});

test("forgets-members-ten-minutes-after-they-are-gone", () => {
  const view = makeView();
  view.up(at(2));
  view.up(at(3));
  view.down(at(2));
  pass(300_000);
  view.left(at(3));
  pass(299_999);
  view.prune();
  expect(view.json().members).toHaveLength(2);
  view.dropChanges();
  pass(1);
  view.prune();
  expect(view.json().members.map(({ addr }) => addr)).toEqual([at(3).addr]);
  expect(view.takeChanges(1000)).toEqual({ changed: [], removed: [at(2).addr] });
});

test("keeps-2048-members-that-are-gone-at-most", () => {
  const view = makeView();
  for (let i = 0; i < 2100; i++) {
    const identity = { addr: "10.1." + (i >> 8) + "." + (i & 255) + ":7946", bump: 1 };
    view.up(identity);
    view.down(identity);
  }
  expect(view.json().members).toHaveLength(2048);
});

test("keeps-the-last-16-values-and-a-part-of-long-ones", () => {
  const view = makeView();
  view.up(at(2));
  for (let i = 1; i <= 20; i++) view.valueCame(i + "x".repeat(300), at(2));
  const member = memberOf(view, 2);
  expect(member?.history).toHaveLength(16);
  expect(member?.history[0].value).toBe("5" + "x".repeat(255) + "…");
  expect(member?.value).toBe("20" + "x".repeat(300));
});

test("names-everybodys-successor-on-the-circle-of-those-that-are-active", () => {
  const view = makeView();
  const all = [SELF, at(2), at(3), at(4), at(5)];
  for (const identity of all.slice(1)) view.up(identity);
  view.down(at(5));
  const point = (identity: Renewable): number => circlePoint(renewableAddr, bincode, identity);
  const circle = all.slice(0, 4).sort((a, b) => point(a) - point(b));
  const { self, members } = view.json();
  for (const { addr, successor } of [self, ...members]) {
    const index = circle.findIndex((identity) => identity.addr === addr);
    expect(successor).toBe(index < 0 ? null : circle[(index + 1) % circle.length].addr);
  }
});

test("tells-what-changed-and-the-rest-of-it-when-it-is-asked-again", () => {
  const view = makeView();
  for (let i = 2; i <= 200; i++) view.up(at(i));
  let told = 0;
  while (view.hasChanges) {
    const { changed } = view.takeChanges(4096);
    expect(JSON.stringify(changed).length).toBeLessThan(5000);
    told += changed.length;
  }
  // The agent itself has a successor now.
  expect(told).toBe(200);
  view.heard(at(2));
  view.heard(at(2));
  expect(view.takeChanges(4096).changed.map(({ addr }) => addr)).toEqual([at(2).addr]);
  view.heard(at(2));
  expect(view.hasChanges).toBe(false);
  pass(2000);
  view.heard(at(2));
  expect(view.hasChanges).toBe(true);
});

test("does-not-show-a-member-that-only-a-datagram-spoke-of", () => {
  const view = makeView();
  view.heard(at(2));
  view.answered(at(2), 5);
  view.renamed(at(2));
  expect(view.json().members).toEqual([]);
});

test("follows-its-own-identity", () => {
  const view = makeView();
  view.becameSelf({ addr: "10.0.0.9:7946", bump: 2 });
  expect(view.json().self).toMatchObject({ addr: "10.0.0.9:7946", bump: 2, state: "Alive" });
  expect(view.takeChanges(1000).removed).toEqual([SELF.addr]);
});
