import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { allKnowAllOthers, endAll, FocaAgent, until, XswimAgent } from "./support/agents.js";
import { INDIRECT_PING, PING, Relay } from "./support/relay.js";

/** Probes of each kind of agent that must get through by way of the other. */
const PROBES = 3;

// A relay before one member drops every Ping, so that only an indirect probe finds it alive. Of the two others each
// is the only one that the other can ask.
describe.runIf(inject("hasCargo"))("a member that no Ping reaches", () => {
  let folder = "";
  let relay = new Relay();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "xswim-interop-"));
    relay = new Relay();
  });
  afterEach(async () => {
    await endAll();
    relay.close();
    await rm(folder, { recursive: true });
  });

  test.each([
    ["xswim", XswimAgent],
    ["foca", FocaAgent],
  ] as const)("stays-a-member-by-indirect-probes: %s", async (_, Target) => {
    const ports = await freePorts(4, "127.0.0.1");
    const [target, foca, xswim, front] = ports.map((port) => "127.0.0.1:" + port);
    await relay.open(ports[3], ports[0]);
    const focaAgent = new FocaAgent({ folder, bind: foca });
    const xswimAgent = new XswimAgent({ folder, bind: xswim });
    const hidden = new Target({ folder, bind: target, identity: front });
    await focaAgent.start();
    await xswimAgent.start(foca);
    await hidden.start(xswim);
    const all = [focaAgent, xswimAgent, hidden];
    const known = (): string => all.map((agent) => agent.members().join(" ")).join("\n");
    await until("all know all others", () => allKnowAllOthers(all), known);

    // Who asks is who pinged in vain; who helps is the other.
    const successes = (): number => focaAgent.program.stdout.split("Indirect probe success").length - 1;
    await until("foca and xswim helped each other", () => {
      const hasHelped = [ports[1], ports[2]].every((port) => relay.count(INDIRECT_PING, port) >= PROBES);
      return hasHelped && relay.count(PING, ports[2]) > PROBES && successes() >= PROBES;
    });
    expect(allKnowAllOthers(all)).toBe(true);
    expect(xswimAgent.program.eventsOf("memberDown")).toEqual([]);
    // Its Pings got nowhere, but its probes did not fail. One may be under way.
    const { probeFailures } = await xswimAgent.leave();
    expect(relay.count(PING, ports[2]) - probeFailures).toBeGreaterThanOrEqual(PROBES);
  });
});
