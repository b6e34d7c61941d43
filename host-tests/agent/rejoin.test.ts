import { afterEach, expect, test, vi } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { AT_ONCE } from "../../agent/src/agent/ration.js";
import { Prober, type Identity } from "./support/prober.js";
import { endAll, xswim } from "./support/program.js";

// Thousands of datagrams, one after another, on a machine that is shared: a limit only ends what hangs.
vi.setConfig({ testTimeout: 120_000 });

afterEach(endAll);

const ATTEMPTS = 200;

test("tells-of-a-few-rejoins-at-once-and-then-of-one-a-second-with-how-many-it-left-out", async () => {
  const [port] = await freePorts(1, "127.0.0.1");
  const agent = xswim("agent", "127.0.0.1:" + port, "--json");
  await agent.until("it is ready", () => agent.eventsOf("ready").length > 0);
  const { addr, bump } = agent.eventsOf("ready")[0]["identity"] as Identity;
  const prober = new Prober();
  await prober.open();
  await prober.ping({ addr, bump }, 1);
  // Each is meant for the identity that the one before led to.
  for (let i = 0; i < ATTEMPTS; i++) prober.turnUndead({ addr, bump: bump + i });
  await agent.until("it tells of the first", () => agent.eventsOf("rejoin").length > 0);
  await prober.ping(await lastIdentity(), 1);
  prober.close();
  agent.kill("SIGTERM");
  expect(await agent.ended()).toBe(0);

  const told = agent.eventsOf("rejoin");
  const times = told.map(({ time }) => Date.parse(time as string));
  // The clock of the log may be set while this runs; it is not set by much.
  const least = 900;
  for (let i = AT_ONCE; i < told.length; i++) expect(times[i] - times[i - AT_ONCE]).toBeGreaterThan(least);
  const leftOut = told.reduce((sum, { leftOut }) => sum + Number(leftOut ?? 0), 0);
  const [{ metrics }] = agent.eventsOf("left") as { metrics: { rejoins: number } }[];
  expect(told.length + leftOut).toBe(metrics.rejoins);

  async function lastIdentity(): Promise<Identity> {
    const last = (): Identity => agent.eventsOf("rejoin").at(-1)?.["identity"] as Identity;
    let [before, sinceMs] = [last(), performance.now()];
    await agent.until("no further rejoin is told", () => {
      if (last().bump !== before.bump) [before, sinceMs] = [last(), performance.now()];
      return performance.now() - sinceMs > 2500;
    });
    return last();
  }
});
