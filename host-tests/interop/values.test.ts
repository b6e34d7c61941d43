import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import type { Renewable } from "../../core/index.js";
import { SwimNode } from "../../platform/node/index.js";
import { endAll, FocaAgent, until } from "./support/agents.js";

type Node = SwimNode<Renewable, string, "text">;

// One story, told in order: each test begins where the one before ended.
describe.runIf(inject("hasCargo"))("three foca agents and nodes with values", () => {
  let folder = "";
  let ports: number[] = [];
  let foca: FocaAgent[] = [];
  const ours: Node[] = [];
  /** What our nodes were told, by `onValue`: of the first node from where, what. */
  const heard: string[] = [];

  function start(port: number, seed: string): Node {
    const number = ours.length;
    const node = new SwimNode<Renewable, string, "text">({
      address: "127.0.0.1",
      port,
      seeds: [seed],
      value: "text",
      onValue: (value, member) => heard.push(number + " hears " + member.addr + ": " + value),
    });
    ours.push(node);
    return node;
  }

  function at(port: number): string {
    return "127.0.0.1:" + port;
  }

  function told(): string {
    const shown = ours.map((node) =>
      node.members().map((member) => member.identity.addr + "=" + member.value),
    );
    const agents = foca.map((agent) => agent.address + " heard " + agent.heard().join(" | "));
    return [...heard, ...shown.map((members) => members.join(" ")), ...agents].join("\n");
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "xswim-values-"));
    ports = await freePorts(7, "127.0.0.1");
    foca = ports.slice(0, 3).map((port) => new FocaAgent({ folder, bind: at(port) }));
  });
  afterAll(async () => {
    for (const node of ours) node.close();
    await endAll();
    await rm(folder, { recursive: true });
  });

  test("focas-agents-print-what-ours-publish", async () => {
    await foca[0].start();
    for (const port of ports.slice(3, 6)) start(port, foca[0].address);
    await foca[1].start(at(ports[3]));
    await foca[2].start(foca[1].address);
    await until("all know all", () => ours.every((node) => node.swim.numMembers === 5), told);
    await until("foca's know all", () => foca.every((agent) => agent.members().length === 5), told);
    ours.forEach((node, i) => node.publish("value " + i + " of ours: 23 °C"));
    // A broadcast is sent by each who has it to a few that chance picks, and foca's agents do not ask for what they missed.
    for (let i = 0; i < ours.length; i++)
      await until(
        "foca prints value " + i,
        () => foca.some((agent) => agent.heard().includes("value " + i + " of ours: 23 °C")),
        told,
      );
  });

  test("ours-hear-what-focas-agents-say", async () => {
    // Each says hello once more when its members change; who missed it is sent it by another of ours.
    for (const agent of foca)
      await until(
        agent.address + " is heard by all of ours",
        () => ours.every((node) => /^Hello from ID/.test(node.value(agent.address) ?? "")),
        told,
      );
    for (const [number, node] of ours.entries())
      for (const agent of foca)
        expect(heard).toContain(number + " hears " + agent.address + ": " + node.value(agent.address));
  });

  test("a-node-of-ours-that-is-started-last-has-all-values-focas-too", async () => {
    // By a node of foca's, who answers no question.
    const last = start(ports[6], foca[2].address);
    await until("it knows all", () => last.swim.numMembers === 6, told);
    await until(
      "it has all values",
      () => last.members().every((member) => typeof member.value === "string"),
      told,
    );
    ours.slice(0, 3).forEach((node, i) => {
      expect(last.value(node.identity)).toBe("value " + i + " of ours: 23 °C");
    });
    for (const agent of foca) expect(last.value(agent.address)).toMatch(/^Hello from ID\(/);
  });

  test("focas-agents-have-nothing-to-complain-of", async () => {
    // Some digests, news and lists later.
    for (let i = 0; i < 20; i++) {
      ours[0].broadcast(new TextEncoder().encode("news " + i));
      ours[1].publish("again " + i);
      const end = performance.now() + 300;
      await until("a moment is over", () => performance.now() > end);
    }
    await until("foca prints the last", () => foca.some((agent) => agent.heard().includes("again 19")), told);
    const logs = (): string => foca.map(({ program }) => program.stdout + program.stderr).join("");
    expect(logs()).not.toMatch(/ERROR|panicked|Ignored error/);
    // Messages between ours are no broadcasts to them.
    expect(foca.flatMap((agent) => agent.heard()).filter((text) => text === "")).toEqual([]);
    // They would say so: this is no text.
    ours[0].broadcast(Uint8Array.of(0xff));
    await until("they complain of what is no text", () => logs().includes("Ignored error"), told);
  });
});
