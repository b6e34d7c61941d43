// A sealed cluster on 127.0.0.1: members inside machines, a node on Node, and a member on the published foca where it is built.
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { focaProgram } from "../../bench/sim/foca-crate.js";
import { endAll, until } from "../interop/support/agents.js";
import { SealedFoca, SealedXswim, type Key, type SealedMember } from "../interop/support/sealed.js";
import { closeAll } from "../node/support/nodes.js";
import { buildEngine } from "./build.js";
import { buildTimeoutMs, lanes } from "./lanes.js";
import { MachineNode } from "./node/machine.js";

const KEY: Key = { id: 3, secret: "8f3015a3402977a367912e0b3d787b4c" };
const WRONG = "8f3015a3402977a367912e0b3d787b4d";
const hasFoca = existsSync(focaProgram("sealed-agent"));
const withFoca = hasFoca ? "" : ", without foca: cargo has not built it (npm run test:interop does)";

// One story for each engine, told in order: each test begins where the one before ended.
for (const { engine, title, missing } of lanes("x64", "ia32", "rv32")) {
  describe.skipIf(missing)(`sealed, ${title}${withFoca}`, { timeout: 120_000 }, () => {
    let others: SealedMember[] = [];
    const machines: MachineNode[] = [];
    const strangers: MachineNode[] = [];

    function members(): { address: string; members(): string[] }[] {
      return [...others, ...machines];
    }

    function known(): string {
      const lines = members().map((member) => `${member.address}: ${member.members().join(" ")}`);
      return [...lines, ...machines.flatMap((machine) => machine.errors)].join("\n");
    }

    function allKnow(): Promise<void> {
      const addresses = members()
        .map(({ address }) => address)
        .sort();
      const knowsAll = (member: { address: string; members(): string[] }): boolean =>
        member.members().join() === addresses.filter((address) => address !== member.address).join();
      return until("all know all others", () => members().every(knowsAll), known);
    }

    beforeAll(async () => {
      await buildEngine(engine);
      const [first, second] = await freePorts(2, "127.0.0.1");
      others = [new SealedXswim(first, KEY)];
      if (hasFoca) others.push(new SealedFoca(second, KEY));
      for (const other of others) await other.start(others[0].address);
    }, buildTimeoutMs);

    afterAll(async () => {
      await Promise.all([...machines, ...strangers].map((machine) => machine.kill()));
      closeAll();
      await endAll();
    });

    test("machines-with-the-key-join-by-any-member", async () => {
      for (const other of [others[0], others[others.length - 1]])
        machines.push(await MachineNode.start(engine, [other.address], KEY.secret));
      await allKnow();
    });

    test("what-a-machine-publishes-is-heard-by-all-others", async () => {
      const [first, second] = machines;
      const text = "21.5 degrees at " + first.address;
      const hears = (heard: string[]): boolean => heard.some((one) => one.includes(text));
      // Each publication goes to members picked by chance, and may miss one: it is repeated, as a sensor does.
      const isMissing = (): boolean => [...others, second].some((hearer) => !hears(hearer.heard()));
      for (let reading = 0; reading < 60 && isMissing(); reading++) {
        await first.publish(text + ", reading " + reading);
        await sleep(1000);
      }
      expect(isMissing(), known()).toBe(false);
    });

    test("a-machine-with-another-key-or-none-stays-alone", async () => {
      for (const key of [WRONG, ""])
        strangers.push(await MachineNode.start(engine, [others[0].address], key));
      await until(
        "both are refused",
        () => others[0].hasRefused("forged") && others[0].hasRefused("refusedPlain"),
        known,
      );
      await allKnow();
      expect(strangers.map((stranger) => stranger.members())).toEqual([[], []]);
    });

    test("a-machine-that-is-killed-is-found-out", async () => {
      const [victim] = machines.splice(1, 1);
      await victim.kill();
      await allKnow();
      expect(machines[0].errors).toEqual([]);
    });
  });
}
