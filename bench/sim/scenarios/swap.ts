import { swapAddresses, takeAddress } from "../moves.js";
import type { Run } from "../run.js";
import { FalseDowns } from "./false-downs.js";
import type { Scenario } from "./scenario.js";
import { Wholeness } from "./wholeness.js";

/** The first bump of all hosts: seconds since 1970. */
const FIRST_BUMP = 1_700_000_000;

export const swap: Scenario = {
  name: "swap",
  about:
    "DHCP gives some running hosts each other's addresses, in a ring. Each program notices within noticeMs, and takes its address under a bump one higher than its own; every second host has been there for bumpApartS less than the others. Measures until all know all.",
  nodes: 50,
  durationS: 180,
  numSeeds: 3,
  firstLife: FIRST_BUMP,
  parameters: { swapped: 2, bumpApartS: 3600, noticeMs: 5000, settleS: 60, limitMs: 60_000 },
  run(run) {
    const { world } = run;
    if (!world.naming.canRenew) throw new Error(`swap: identities ${world.naming.name} have no bump`);
    world.startSettled();
    const ring = chooseRing(run);
    world.run(run.number("settleS") * 1000);
    const falseDowns = new FalseDowns(run, (host) => ring.includes(host));
    const datagrams = world.network.counts.sent;
    for (let i = 1; i < ring.length; i++) swapAddresses(world, ring[i - 1], ring[i]);
    let left = ring.length;
    for (const host of ring)
      world.plan(run.number("noticeMs") * world.chance.fraction(), () => {
        left--;
        takeAddress(world, host);
      });
    const wholeness = new Wholeness(run);
    wholeness.watch(run.durationMs, () => left === 0);
    wholeness.note(run.number("limitMs"));
    run.add("datagrams", "1", world.network.counts.sent - datagrams);
    falseDowns.note();
  },
};

/** Chooses who is to be swapped, among ours; every second of them restarts under a later bump. */
function chooseRing(run: Run): number[] {
  const { world } = run;
  const ours = world.hosts.filter(({ isFoca }) => !isFoca);
  const count = run.number("swapped");
  if (!Number.isInteger(count) || count < 2 || count > ours.length)
    throw new Error(`swapped: expected 2 to ${ours.length} hosts of ours, got ${run.word("swapped")}`);
  const ring = world.chance.sample(ours.length, count).map((i) => ours[i].index);
  for (let i = 1; i < count && run.number("bumpApartS") > 0; i += 2) {
    world.crash(ring[i]);
    world.start(ring[i], world.seeds, 0, FIRST_BUMP + run.number("bumpApartS"));
  }
  return ring;
}
