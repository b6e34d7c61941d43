import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import {
  allKnowAllOthers,
  endAll,
  FocaAgent,
  focaLeaver,
  until,
  XswimAgent,
  type Agent,
} from "./support/agents.js";

// One story, told in order: each test begins where the one before ended.
describe.runIf(inject("hasCargo"))("three foca agents and three xswim agents", () => {
  let folder = "";
  let spare = "";
  let foca: FocaAgent[] = [];
  let xswim: XswimAgent[] = [];

  function all(): Agent[] {
    return [...foca, ...xswim];
  }

  function known(): string {
    return all()
      .map((agent) => agent.address + ": " + agent.members().join(" "))
      .join("\n");
  }

  function told(): string {
    return all()
      .map((agent) => agent.address + " heard " + agent.heard().join(" | "))
      .join("\n");
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "xswim-interop-"));
    const binds = (await freePorts(7, "127.0.0.1")).map((port) => "127.0.0.1:" + port);
    spare = binds[6];
    foca = binds.slice(0, 3).map((bind) => new FocaAgent({ folder, bind }));
    xswim = binds.slice(3, 6).map((bind) => new XswimAgent({ folder, bind }));
  });
  afterAll(async () => {
    await endAll();
    await rm(folder, { recursive: true });
  });

  test("all-see-six-when-they-join-by-one-another", async () => {
    // Each by an agent of the other kind, where there is one.
    await foca[0].start();
    await xswim[0].start(foca[0].address);
    await foca[1].start(xswim[0].address);
    await xswim[1].start(foca[1].address);
    await foca[2].start(xswim[1].address);
    await xswim[2].start(foca[2].address);
    await until("all know all others", () => allKnowAllOthers(all()), known);
  });

  // A broadcast is sent four times by each who has it, to members picked by chance: with six members one in about
  // ninety misses it, in foca as well as here. So each must be heard, and each must hear, but not everybody by all.
  // Of foca's agents any count of peers will do: they number their broadcasts by the second, and so cannot correct
  // one within the same.
  test("custom-broadcasts-arrive-in-both-directions", async () => {
    const ours = xswim.map(({ address }) => heardText("Hello from " + address + "! I have 5 peers"));
    const theirs = foca.map(({ address }) =>
      heardText(new RegExp("^Hello from ID\\(" + address + ", \\d+\\)! I have \\d+ peers$")),
    );
    const halves = [
      ["foca hears xswim", foca, ours],
      ["xswim hears foca", xswim, theirs],
    ] as const;
    for (const [what, hearers, texts] of halves) {
      await until(what + ", each by one", () => texts.every((hears) => hearers.some(hears)), told);
      await until(
        what + ", each hears one",
        () => hearers.every((hearer) => texts.some((hears) => hears(hearer))),
        told,
      );
    }
  });

  test("the-rest-see-four-when-one-of-each-is-killed", async () => {
    await Promise.all([foca[2].kill(), xswim[2].kill()]);
    const rest = [...foca.slice(0, 2), ...xswim.slice(0, 2)];
    await until("the rest know one another only", () => allKnowAllOthers(rest), known);
  });

  test("both-come-back-under-a-newer-bump", async () => {
    await foca[2].start(xswim[0].address);
    await xswim[2].start(foca[0].address);
    await until("all know all others", () => allKnowAllOthers(all()), known);
    for (const watcher of xswim.slice(0, 2)) {
      for (const { address } of [foca[2], xswim[2]]) {
        const bumps = watcher.bumpsOf(address);
        expect(bumps.length).toBeGreaterThanOrEqual(2);
        expect(bumps.at(-1)).toBeGreaterThan(bumps[0]);
      }
    }
  });

  test("a-foca-agent-that-leaves-is-known-to-be-gone", async () => {
    const leaver = focaLeaver(spare, xswim[1].address);
    await until("all know it", () => all().every((agent) => agent.members().includes(spare)), known);
    for (const { address } of all()) await leaver.untilPrinted("up " + address);
    leaver.child.stdin?.end();
    expect(await leaver.ended()).toBe(0);
    expect(leaver.stdout).toMatch(/left\n$/);
    expect(leaver.stdout).not.toContain("down ");
    await until("all know that it is gone", () => allKnowAllOthers(all()), known);
  });

  test("an-xswim-agent-that-leaves-is-known-to-be-gone-and-nobody-had-to-find-it-out", async () => {
    const [first, second, third] = xswim;
    await second.leave();
    xswim = [first, third];
    await until("the rest know that it is gone", () => allKnowAllOthers(all()), known);
    // It came back after the killing, and has since seen two members leave: it never had to find one out.
    expect(await third.leave()).toMatchObject({ expirations: 0, rejoins: 0 });
  });
});

/** Whether an agent heard that text. */
function heardText(wanted: string | RegExp): (hearer: Agent) => boolean {
  return (hearer) =>
    hearer.heard().some((text) => (typeof wanted === "string" ? text === wanted : wanted.test(text)));
}
