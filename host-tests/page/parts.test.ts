// The parts of the page that need no browser.
import { beforeEach, expect, test, vi } from "vitest";
import { inOrder, placesOf } from "../../agent/page/src/circle.js";
import { listed } from "../../agent/page/src/order.js";
import { Row } from "../../agent/page/src/row.js";
import { Store } from "../../agent/page/src/store.js";
import { ago, clusterInWords, duration, printable, roundTrip } from "../../agent/page/src/words.js";
import { closeCircle, member } from "./mock-agent.js";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", () => 0));

const census = { Alive: 0, Suspect: 0, Asleep: 0, Down: 0, Left: 0 };
const rowsOf = (...addrs: string[]): Row[] => addrs.map((addr) => new Row(member(addr), false));

test("says-how-the-cluster-is", () => {
  expect(clusterInWords({ ...census, Alive: 1 })).toBe("1 member");
  expect(clusterInWords({ ...census, Alive: 11, Suspect: 1 })).toBe("12 members, 1 suspect");
  expect(clusterInWords({ Alive: 2, Suspect: 0, Asleep: 3, Down: 1, Left: 1 })).toBe(
    "5 members, 3 asleep, 2 gone",
  );
});

test("writes-times-in-two-units-at-most", () => {
  expect([0, 59_400, 90_000, 3_600_000, 90_000_000, 950_400_000].map(duration)).toEqual([
    "0 s",
    "59 s",
    "1 min 30 s",
    "1 h",
    "1 d 1 h",
    "11 d",
  ]);
  expect(ago("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:02:30Z"))).toBe("2 min ago");
  expect([null, 0.254, 4.21, 48.2, 1500].map(roundTrip)).toEqual([
    "–",
    "0.25 ms",
    "4.2 ms",
    "48 ms",
    "1.5 s",
  ]);
});

test("shows-what-cannot-be-seen-and-cuts-what-is-long", () => {
  expect(printable("a\u0000\u202eb\nc\u200d")).toBe("a\\u0000\\u202eb\\u000ac\\u200d");
  expect(printable("x".repeat(400)).length).toBe(301);
});

test("orders-addresses-by-their-numbers", () => {
  const rows = rowsOf("10.0.0.10:1", "10.0.0.9:1", "10.0.0.9:20", "10.0.0.9:3");
  const order = listed(rows, "all", "", { key: "address", isDescending: false });
  expect(order.map(({ name }) => name)).toEqual(["10.0.0.9:1", "10.0.0.9:3", "10.0.0.9:20", "10.0.0.10:1"]);
});

test("puts-those-first-that-ask-for-attention", () => {
  const states = ["Alive", "Left", "Down", "Asleep", "Suspect"] as const;
  const rows = states.map((state, index) => new Row(member("a:" + index, { state }), false));
  const order = listed(rows, "all", "", { key: "state", isDescending: false });
  expect(order.map((row) => row.member.state)).toEqual(["Suspect", "Down", "Asleep", "Alive", "Left"]);
  expect(listed(rows, "gone", "", { key: "address", isDescending: true }).length).toBe(2);
});

test("follows-the-circle-and-leaves-nobody-out-while-it-is-open", () => {
  const members = ["c", "a", "b"].map((addr) => member(addr));
  closeCircle(members);
  const lost = member("d");
  const asleep = member("e", { state: "Asleep" });
  const rows = new Map([...members, lost, asleep].map((one) => [one.addr, new Row(one, one.addr === "a")]));
  expect(inOrder(rows, rows.get("a")).map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
  expect(placesOf(rows, rows.get("a")).map(({ name, isOnCircle }) => [name, isOnCircle])).toEqual([
    ["a", true],
    ["b", true],
    ["c", true],
    ["d", true],
    ["e", false],
  ]);
});

test("keeps-what-the-stream-told-over-an-older-answer", () => {
  const store = new Store();
  const self = member("self:1");
  const askedMs = performance.now();
  store.change({ changed: [member("a:1", { state: "Suspect" }), member("new:1")], removed: [] });
  store.setMembers({ self, members: [member("a:1"), member("b:1")] }, askedMs);
  expect([...store.rows.keys()].sort()).toEqual(["a:1", "b:1", "new:1", "self:1"]);
  expect(store.rows.get("a:1")?.member.state).toBe("Suspect");
  store.setMembers({ self, members: [member("a:1")] }, askedMs + 60_000);
  expect([...store.rows.keys()].sort()).toEqual(["a:1", "self:1"]);
  expect(store.census).toEqual({ ...census, Alive: 2 });
});

test("keeps-no-more-than-it-can-show", () => {
  const store = new Store();
  for (let i = 0; i < 50; i++)
    store.addEvents(Array.from({ length: 20 }, () => ({ time: "", event: "value", msg: String(i) })));
  expect([store.events.length, store.events[0]?.event.msg]).toEqual([300, "49"]);
  const row = new Row(member("a:1", { rttMs: 0 }), false);
  for (let i = 1; i < 200; i++) row.take(member("a:1", { rttMs: i }), i);
  expect([row.roundTripMs.length, row.roundTripMs.at(-1)]).toEqual([64, 199]);
});
