import { has } from "./tools.js";
import type { Cluster } from "./cluster.js";
import type { Member } from "./member.js";
import type { Faults } from "./network.js";
import type { Fault, Place } from "./ordeal.js";

/** How long a fault lasts in which nobody has to be declared dead. */
const LASTS_MS = 40_000;
/** How long clusters may take to be whole after a fault that only troubled them. */
const SOON_MS = 60_000;
/** The same after one in which members were given up: foca's announce themselves to the dead every 65 s, as ours do. */
const LATE_MS = 100_000;
/** The host that most faults are about, and one whose way to it is cut. */
const VICTIM = 4;
const OTHER = 1;

/** All links are bad at once. */
function badLinks(name: string, faults: Faults): Fault {
  return {
    name,
    begin: ({ network }) => network.linkAll(faults),
    lastsMs: LASTS_MS,
    end: ({ network }) => network.clear(),
    limitMs: SOON_MS,
  };
}

export const LOSS = badLinks("loss of 30 %", { loss: 0.3 });
export const DELAY = badLinks("delay of 100 to 200 ms, and 200 ms more for one in five", {
  delayMs: 100,
  jitterMs: 100,
  reorder: 0.2,
  reorderMs: 200,
});
export const DUPLICATION = badLinks("half of all twice, within 300 ms", { duplicate: 0.5, jitterMs: 300 });
export const CORRUPTION: Fault = {
  ...badLinks("a wrong byte in one of ten", { corrupt: 0.1 }),
  limitMs: LATE_MS,
};

export const ONE_WAY: Fault = {
  name: "one way between two cut",
  begin: ({ network }) => network.link(network.hosts[OTHER], network.hosts[VICTIM], { cut: 1 }),
  lastsMs: LASTS_MS,
  end: ({ network }) => network.clear(),
  limitMs: SOON_MS,
};

/** One whom nobody hears while it hears all is dead to the others, and it may think what it likes of them. */
export const MUTE: Fault = {
  name: "one that hears, and is not heard",
  begin: ({ network }) => network.link(network.hosts[VICTIM], undefined, { cut: 1 }),
  lastsMs: LASTS_MS,
  end: ({ network }) => network.clear(),
  dead: [VICTIM],
  mayDeclareDead: isVictims,
  limitMs: LATE_MS,
};

const LEFT = [0, 1];
export const HALVES: Fault = {
  name: "two and three apart",
  begin: ({ network }) =>
    network.split(
      LEFT.map((index) => network.hosts[index]),
      network.hosts.filter(({ index }) => !LEFT.includes(index)),
    ),
  lastsMs: LASTS_MS,
  end: ({ network }) => network.clear(),
  mayDeclareDead: (observer, target) => LEFT.includes(observer) !== LEFT.includes(target),
  limitMs: LATE_MS,
};

/** Both keep their programs; what they say of themselves is wrong unless they notice. */
export const SWAPPED: Fault = {
  name: "two with each other's address",
  begin: async ({ network }) => {
    const [a, b] = [network.hosts[OTHER], network.hosts[VICTIM]];
    const [ofA, ofB] = [a.address, b.address];
    await a.readdress(ofB);
    await b.readdress(ofA);
  },
  lastsMs: 0,
  end: () => Promise.resolve(),
  mayDeclareDead: (observer, target) => [observer, target].some((index) => [OTHER, VICTIM].includes(index)),
  limitMs: SOON_MS,
  // At first nobody has noticed.
  steadyMs: 20_000,
};

function stopped(name: string, lastsMs: number): Fault {
  return {
    name,
    begin: (place) => signalled(place, "SIGSTOP"),
    lastsMs,
    end: (place) => signalled(place, "SIGCONT"),
    limitMs: SOON_MS,
  };
}

export const SHORT_STOP = stopped("one that is stopped for 2 s", 2000);
export const LONG_STOP: Fault = {
  ...stopped("one that is stopped for 30 s", 30_000),
  dead: [VICTIM],
  mayDeclareDead: (_, target) => target === VICTIM,
};

export const KILLED: Fault = {
  name: "one that is killed, and started again",
  begin: async ({ clusters }) => {
    await Promise.all(victims(clusters).map((member) => member.kill()));
  },
  lastsMs: 0,
  end: async ({ clusters }) => {
    await Promise.all(clusters.map(({ members }) => members[VICTIM].start(members[0].address)));
  },
  dead: [VICTIM],
  limitMs: SOON_MS,
};

/** Its routes go with the link: every send fails with ENETUNREACH. */
export const LINK_DOWN: Fault = {
  name: "one whose link is down",
  begin: ({ network }) => network.hosts[VICTIM].ip("link set eth0 down"),
  lastsMs: LASTS_MS,
  end: ({ network }) => network.hosts[VICTIM].ip("link set eth0 up", "route replace default dev eth0"),
  dead: [VICTIM],
  mayDeclareDead: isVictims,
  limitMs: LATE_MS,
};

/** A packet filter on one host refuses all that goes out: every send fails with EPERM. */
export const REFUSED: Fault = {
  name: "one that may not send (EPERM)",
  begin: async ({ network }) => {
    const host = network.hosts[VICTIM];
    await host.run("nft", "add table inet xswim");
    await host.run("nft", "add chain inet xswim out { type filter hook output priority 0 ; policy drop ; }");
  },
  lastsMs: LASTS_MS,
  end: async ({ network }) => {
    await network.hosts[VICTIM].run("nft", "delete table inet xswim");
  },
  dead: [VICTIM],
  mayDeclareDead: isVictims,
  limitMs: LATE_MS,
};

/** Whether this machine can filter packets. */
export function hasFilter(): boolean {
  return has("nft");
}

function isVictims(observer: number, target: number): boolean {
  return observer === VICTIM || target === VICTIM;
}

function victims(clusters: readonly Cluster[]): Member[] {
  return clusters.map(({ members }) => members[VICTIM]);
}

function signalled({ clusters }: Place, signal: NodeJS.Signals): Promise<void> {
  for (const member of victims(clusters)) member.program.kill(signal);
  return Promise.resolve();
}
