import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { closeAll } from "../node/support/nodes.js";
import { allKnowAllOthers, endAll, until } from "./support/agents.js";
import { SealedFoca, SealedXswim, type Key, type SealedMember } from "./support/sealed.js";

const KEY: Key = { id: 3, secret: "8f3015a3402977a367912e0b3d787b4c" };
/** The same but for one bit. */
const WRONG: Key = { id: 3, secret: "8f3015a3402977a367912e0b3d787b4d" };
const UNKNOWN: Key = { id: 4, secret: KEY.secret };
/** How long the cluster goes on after strangers knocked, so that a member that let one in would have told others. */
const AFTERMATH_MS = 3000;

function told(members: readonly SealedMember[]): string {
  return members
    .map((member) => `${member.address}: ${member.members().join(" ")}; ${member.heard().join(" | ")}`)
    .join("\n");
}

async function untilAllKnowAllOthers(members: readonly SealedMember[]): Promise<void> {
  await until(
    "all know all others",
    () => allKnowAllOthers(members),
    () => told(members),
  );
}

// One story, told in order: each test begins where the one before ended.
describe.runIf(inject("hasCargo"))("two xswim nodes and two foca agents under one key", () => {
  let ports: number[] = [];
  let xswim: SealedMember[] = [];
  let foca: SealedMember[] = [];

  function all(): SealedMember[] {
    return [...xswim, ...foca];
  }

  beforeAll(async () => {
    ports = await freePorts(10, "127.0.0.1");
    xswim = [new SealedXswim(ports[0], KEY), new SealedXswim(ports[1], KEY)];
    foca = [new SealedFoca(ports[2], KEY), new SealedFoca(ports[3], KEY)];
  });
  afterAll(async () => {
    closeAll();
    await endAll();
  });

  test("all-see-four-when-they-join-by-one-another", async () => {
    await foca[0].start();
    await xswim[0].start(foca[0].address);
    await foca[1].start(xswim[0].address);
    await xswim[1].start(foca[1].address);
    await untilAllKnowAllOthers(all());
  });

  // Of four members each tells all others, so that everybody hears everybody.
  test("what-each-publishes-is-heard-by-all-others", async () => {
    for (const member of all()) member.publish("I am " + member.address);
    for (const hearer of all()) {
      const others = all().filter((other) => other !== hearer);
      const texts = others.map(({ address }) => `${address} says I am ${address}`).sort();
      await until(
        "one hears all others",
        () => [...hearer.heard()].sort().join() === texts.join(),
        () => told(all()),
      );
    }
  });

  test.each([
    ["the-wrong-key", WRONG, "forged"],
    ["an-unknown-key", UNKNOWN, "unknownKey"],
    ["no-key", undefined, "refusedPlain"],
  ] as const)("who-has-%s-is-never-seen-and-sees-nobody", async (_, key, reason) => {
    const strangers = [new SealedXswim(ports[4], key), new SealedFoca(ports[5], key)];
    // Each knocks at a member of the other kind.
    await strangers[0].start(foca[0].address);
    await strangers[1].start(xswim[0].address);
    await until("both are refused", () => foca[0].hasRefused(reason) && xswim[0].hasRefused(reason));
    await sleep(AFTERMATH_MS);
    for (const stranger of strangers) {
      expect(stranger.everUp()).toEqual([]);
      for (const member of all()) expect(member.everUp()).not.toContain(stranger.address);
      await stranger.kill();
    }
    expect(allKnowAllOthers(all()), told(all())).toBe(true);
  });

  test("the-rest-see-two-when-one-of-each-is-killed", async () => {
    await Promise.all([xswim[1].kill(), foca[1].kill()]);
    await untilAllKnowAllOthers([xswim[0], foca[0]]);
  });

  test("both-come-back-and-their-new-lives-are-not-taken-for-replays", async () => {
    await foca[1].start(xswim[0].address);
    await xswim[1].start(foca[0].address);
    await untilAllKnowAllOthers(all());
    for (const member of all()) expect(member.hasRefused("replayed")).toBe(false);
  });
});

describe.runIf(inject("hasCargo"))("a plain cluster of both kinds", () => {
  afterAll(async () => {
    closeAll();
    await endAll();
  });

  test("understands-members-that-accept-what-is-sealed-and-those-understand-who-sends-it", async () => {
    const [plain, focaAccepts, xswimAccepts, focaSends, xswimSends] = await freePorts(5, "127.0.0.1");
    const accepting = [
      new SealedFoca(focaAccepts, KEY, "accept"),
      new SealedXswim(xswimAccepts, KEY, "accept"),
    ];
    const last = new SealedFoca(plain);
    await last.start();
    for (const member of accepting) await member.start(last.address);
    await untilAllKnowAllOthers([last, ...accepting]);

    await last.kill();
    const sending = [new SealedFoca(focaSends, KEY, "send"), new SealedXswim(xswimSends, KEY, "send")];
    for (const member of sending) await member.start(accepting[0].address);
    await untilAllKnowAllOthers([...accepting, ...sending]);
  });
});
