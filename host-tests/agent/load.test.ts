// Streams and requests beside an agent's probes, and readers that do not read.
import { Agent, request } from "node:http";
import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import type { ClusterView } from "../../agent/src/server/cluster-view.js";
import { EventRing } from "../../agent/src/server/event-ring.js";
import type { Exchange } from "../../agent/src/server/exchange.js";
import { Streams } from "../../agent/src/server/streams.js";
import { until } from "../node/support/until.js";
import { addresses, hasUp } from "./support/addresses.js";
import { askJson, EventReader } from "./support/http.js";
import { endAll, xswim } from "./support/program.js";

afterEach(endAll);

/** Asks that often over some connections that stay open. Returns how many answers had which status. */
async function askOften(port: number, path: string, count: number): Promise<Record<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const statuses: Record<number, number> = {};
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path, agent }, (answer) => {
        const { statusCode = 0 } = answer;
        statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
        answer.resume().on("end", resolve);
      })
        .on("error", reject)
        .end();
    });
  await Promise.all(Array.from({ length: count }, one));
  agent.destroy();
  return statuses;
}

test("a-hundred-streams-get-every-event-and-no-member-is-suspected-beside-many-requests", async () => {
  const [atA, atB] = await addresses(2);
  const [port] = await freePorts(1, "127.0.0.1");
  const flags = ["--json", "--config", "wan", "--no-control"];
  const a = xswim("agent", atA, ...flags, "--http", "127.0.0.1:" + port);
  const b = xswim("agent", atB, ...flags, "-a", atA);
  await a.until("a knows b", () => hasUp(a, atB));
  const readers = Array.from(
    { length: 100 },
    () => new EventReader({ at: port, path: "/api/events?since=0" }),
  );
  const asking = askOften(port, "/api/members", 3000);
  await until("all are connected", () => readers.every((reader) => reader.of("memberUp").length > 0));
  const statuses = await asking;
  expect(statuses[200] + (statuses[503] ?? 0)).toBe(3000);
  b.kill("SIGTERM");
  await until("all are told", () => readers.every((reader) => reader.of("memberLeft").length > 0));
  for (const reader of readers) {
    const ids = reader.events.flatMap(({ id }) => (id === undefined ? [] : [id]));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect(reader.of("gap")).toEqual([]);
  }
  expect(a.eventsOf("memberSuspect")).toEqual([]);
  const { counters } = await askJson<{ counters: Record<string, number> }>({ at: port, path: "/api/info" });
  expect(counters["probeFailures"]).toBe(0);
  for (const reader of readers) reader.close();
});

/** A response that nobody reads. */
class Unread {
  writableLength = 0;
  isDestroyed = false;
  text = "";
  closed = (): void => undefined;

  writeHead(): this {
    return this;
  }
  write(bytes: string | Buffer): boolean {
    this.writableLength += bytes.length;
    this.text += bytes.toString();
    return true;
  }
  on(_event: "close", closed: () => void): this {
    this.closed = closed;
    return this;
  }
  destroy(): void {
    this.isDestroyed = true;
    this.closed();
  }
}

const quietView = { dropChanges: () => undefined, hasChanges: false } as unknown as ClusterView;

function addTo(streams: Streams, query = ""): Unread {
  const response = new Unread();
  streams.add({
    request: { headers: {} },
    response: response as unknown as ServerResponse,
    query: new URLSearchParams(query),
    mayPost: false,
  } as Exchange);
  return response;
}

test("cuts-off-who-does-not-read-before-much-waits", () => {
  const ring = new EventRing();
  const streams = new Streams(ring, quietView);
  const slow = addTo(streams);
  for (let i = 0; i < 300; i++) ring.add("value", '{"text":"' + "x".repeat(1000) + '"}');
  expect([slow.isDestroyed, streams.size]).toEqual([true, 0]);
  expect(slow.writableLength).toBeLessThanOrEqual(256 * 1024);
  expect(slow.writableLength).toBeGreaterThan(200 * 1024);
});

test("has-128-streams-at-most-and-room-again-when-one-ends", () => {
  const streams = new Streams(new EventRing(), quietView);
  const all = Array.from({ length: 128 }, () => addTo(streams));
  expect(() => addTo(streams)).toThrow("there are 128 streams already");
  all[5].destroy();
  addTo(streams);
  expect(streams.size).toBe(128);
});

test("repeats-a-part-of-the-past-that-a-reader-can-take-and-says-that-more-is-missing", () => {
  const ring = new EventRing();
  const streams = new Streams(ring, quietView);
  for (let i = 0; i < 512; i++) ring.add("value", '{"text":"' + "x".repeat(1000) + '"}');
  const { text } = addTo(streams, "since=0");
  expect(text.length).toBeLessThan(140 * 1024);
  expect(text).toContain("event: gap\n");
  expect(text).toContain("id: 512\n");
});
