// A real cluster on 127.0.0.1: members inside machines, an xswim agent on Node, and foca's own agent where it is there.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { endAll, FocaAgent, until, XswimAgent, type Agent } from "../interop/support/agents.js";
import { FOCA_AGENT } from "../interop/support/paths.js";
import { buildEngine } from "./build.js";
import { buildTimeoutMs, lanes } from "./lanes.js";
import { MachineNode } from "./node/machine.js";

const hasFoca = existsSync(FOCA_AGENT);
const whyNoFoca = hasFoca
  ? ""
  : ", skipped: cargo has not installed foca's agent (npm run test:interop does)";
/** A test with foca's agent in the cluster; skipped by name where it is not installed, and the cluster is without. */
const testWithFoca = (name: string, run: () => Promise<void>): void =>
  test.skipIf(!hasFoca)(name + whyNoFoca, run);

type Peer = Agent | MachineNode;

/** Whether every one of them knows all the others, and nobody else. */
function allKnowAllOthers(peers: readonly Peer[]): boolean {
  const addresses = peers.map((peer) => peer.address).sort();
  return peers.every((peer) => {
    const others = addresses.filter((address) => address !== peer.address);
    return peer.members().join() === others.join();
  });
}

/** How an agent names itself in what it publishes. */
function helloName(agent: Agent): string {
  return agent instanceof FocaAgent ? `ID(${agent.address}` : agent.address;
}

// One story for each engine, told in order: each test begins where the one before ended.
for (const { engine, title, missing } of lanes("x64", "ia32", "rv32")) {
  describe.skipIf(missing)(title, { timeout: 120_000 }, () => {
    let folder = "";
    let xswim: XswimAgent;
    let foca: FocaAgent | undefined;
    const machines: MachineNode[] = [];

    function all(): Peer[] {
      return foca === undefined ? [xswim, ...machines] : [xswim, foca, ...machines];
    }

    function known(): string {
      const lines = all().map(
        (peer) => `${peer.address}: ${peer.members().join(" ")} | ${peer.heard().join(" | ")}`,
      );
      return lines.join("\n") + machines.flatMap((machine) => machine.errors).join("\n");
    }

    function allKnow(): Promise<void> {
      return until("all know all others", () => allKnowAllOthers(all()), known);
    }

    beforeAll(async () => {
      await buildEngine(engine);
      folder = await mkdtemp(join(tmpdir(), "xswim-xs-"));
      const [first, second] = (await freePorts(2, "127.0.0.1")).map((port) => "127.0.0.1:" + port);
      xswim = new XswimAgent({ folder, bind: first });
      await xswim.start();
      if (!hasFoca) return;
      foca = new FocaAgent({ folder, bind: second });
      await foca.start(first);
    }, buildTimeoutMs);

    afterAll(async () => {
      await Promise.all(machines.map((machine) => machine.kill()));
      await endAll();
      await rm(folder, { recursive: true });
    });

    test("two-machines-join-by-the-agents", async () => {
      machines.push(await MachineNode.start(engine, [(foca ?? xswim).address]));
      machines.push(await MachineNode.start(engine, [xswim.address]));
      await allKnow();
    });

    /** Publishes readings of the first machine until all hearers have heard a text that begins so. */
    async function publishUntilHeard(wanted: readonly { hearer: Peer; begin: string }[]): Promise<void> {
      const [first] = machines;
      // Each publication goes to members picked by chance, and may miss one: it is repeated, as a sensor does.
      const missing = (): boolean =>
        wanted.some(({ hearer, begin }) => !hearer.heard().some((text) => text.startsWith(begin)));
      for (let reading = 0; reading < 60 && missing(); reading++) {
        await first.publish(`21.5 degrees at ${first.address}, reading ${reading}`);
        await sleep(1000);
      }
      expect(missing(), known()).toBe(false);
    }

    test("what-a-machine-publishes-is-heard-by-the-others-and-it-hears-the-agent", async () => {
      const [first, second] = machines;
      const begin = "21.5 degrees at " + first.address;
      await publishUntilHeard([
        { hearer: xswim, begin },
        { hearer: second, begin },
        { hearer: second, begin: "Hello from " + helloName(xswim) },
      ]);
    });

    testWithFoca("what-a-machine-publishes-is-heard-by-foca's-agent-and-it-hears-that", async () => {
      const [first, second] = machines;
      const agent = foca as FocaAgent;
      await publishUntilHeard([
        { hearer: agent, begin: "21.5 degrees at " + first.address },
        { hearer: second, begin: "Hello from " + helloName(agent) },
      ]);
    });

    test("a-machine-that-is-killed-is-found-out-by-the-agents-and-by-a-machine", async () => {
      const [victim] = machines.splice(1, 1);
      await victim.kill();
      await allKnow();
    });

    test("a-machine-joins-by-a-machine", async () => {
      machines.push(await MachineNode.start(engine, [machines[0].address]));
      await allKnow();
    });

    testWithFoca("machines-find-out-that-foca's-agent-was-killed", async () => {
      await foca?.kill();
      foca = undefined;
      await allKnow();
    });

    test("a-machine-that-leaves-is-known-to-be-gone-and-nothing-failed", async () => {
      const [, leaver] = machines;
      await leaver.leave();
      machines.length = 1;
      await allKnow();
      expect(leaver.errors).toEqual([]);
      expect(machines[0].errors).toEqual([]);
      await leaver.kill();
    });

    test("a-machine-finds-out-that-the-last-agent-was-killed", async () => {
      const [machine] = machines;
      await xswim.kill();
      await until("the machine is alone", () => machine.members().length === 0, known);
    });
  });
}
