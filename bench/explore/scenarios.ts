import { lan, simple, type Config } from "../../core/index.js";
import { introduce } from "../sim/inside.js";
import type { Event } from "./events.js";
import type { Machine, Step } from "./machine.js";
import type { Naming } from "./naming.js";

/** How often each fault may happen on one way, 3 times at most. */
export interface Faults {
  readonly drop?: number;
  readonly duplicate?: number;
  /** By event. */
  readonly events?: Readonly<Partial<Record<keyof typeof Event, number>>>;
  /** A datagram is delivered, and what is sent for it cannot be sent. */
  readonly throwing?: number;
}

/** Where the explorer begins, and what may go wrong on the way. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly numHosts: number;
  readonly config: Config;
  readonly faults: Faults;
  /** The hosts, one at most, on which the published foca runs. */
  readonly focaHosts?: readonly number[];
  /** The hosts whose timers run; all when left out. The fewer, the farther it comes. */
  readonly timersOf?: readonly number[];
  /** How long all may take to agree after the faults, in virtual milliseconds. */
  readonly limitMs: number;
  /** The first moment: what each host is, and what it sent. */
  begin(machine: Machine): Step[];
}

const ONE = Object.freeze({ numMembers: 1 });

/** A table as small as can be, so that a state is saved quickly. */
const SMALL: Partial<Config> = {
  maxMembers: 64,
  initialMembers: 8,
  maxPacketSize: 200,
  numIndirectProbes: 1,
};

/** As `lan`, with all its features, but with fewer and larger steps of time, so that few events lead far. */
const brisk: Config = Object.freeze({
  ...lan(3),
  ...SMALL,
  suspectToDownAfterMs: 2000,
  removeDownAfterMs: 20_000,
  fitRtt: false,
  periodicGossip: { ...ONE, frequencyMs: 1000 },
  periodicAnnounce: { ...ONE, frequencyMs: 4000 },
  periodicAnnounceToDownMembers: { ...ONE, frequencyMs: 8000 },
});

/** Nothing but SWIM with suspicion, as foca has it, and what heals a cluster that fell apart. */
const bare: Config = Object.freeze({
  ...simple(),
  ...SMALL,
  probePeriodMs: 1000,
  suspectToDownAfterMs: 2000,
  removeDownAfterMs: 20_000,
  notifyDownMembers: true,
  maxTransmissions: 2,
  periodicAnnounce: { ...ONE, frequencyMs: 4000 },
  periodicAnnounceToDownMembers: { ...ONE, frequencyMs: 8000 },
});

/** All know all others, and have heard them. */
function settled(machine: Machine): Step[] {
  const { naming } = machine;
  return eachHost(naming, (host) =>
    machine.begin(host, 1, (swim) => {
      // From the successor on, so that all are alike.
      for (let i = 1; i < naming.numHosts; i++) {
        const other = (host + i) % naming.numHosts;
        introduce(swim, swim["protocol"].knowledge.encode(naming.make(other, 1)));
      }
      swim.applyMany([], false);
    }),
  );
}

/** As settled, with a foca on the first host. */
function settledWithFoca(machine: Machine): Step[] {
  const { naming } = machine;
  const [, ...ours] = settled(machine);
  const others = naming.turns[0].slice(1).map((host) => naming.make(host, 1));
  return [machine.beginFoca(0, 1, (foca) => foca.know(others, machine.nowMs)), ...ours];
}

/** Nobody knows anybody; all but the first announce themselves to it. */
function joining(machine: Machine): Step[] {
  const { naming } = machine;
  return eachHost(naming, (host) =>
    machine.begin(host, 1, (swim) => {
      if (host > 0) swim.announce(naming.make(0, 1));
    }),
  );
}

/** All know each other but the last, of whom the others have a tombstone with a far life; it starts under its first. */
function tombstone(machine: Machine): Step[] {
  const { naming } = machine;
  const last = naming.numHosts - 1;
  return eachHost(naming, (host) =>
    machine.begin(
      host,
      1,
      (swim) => {
        if (host === last) return swim.announce(naming.make(0, 1));
        const others = naming.turns[0].filter((other) => other !== host && other !== last);
        const known = others.map((other) => ({
          identity: naming.make(other, 1),
          incarnation: 0,
          state: "Alive" as const,
        }));
        const gone = { identity: naming.make(last, FAR_LIFE), incarnation: 0, state: "Down" as const };
        swim.applyMany([...known, gone], false);
      },
      host === last ? FAR_LIFE : 1,
    ),
  );
}

/** Seconds since 1970, in the place of a small stored number. */
const FAR_LIFE = 1_700_000_000;

function eachHost(naming: Naming, begin: (host: number) => Step): Step[] {
  return naming.turns[0].map(begin);
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "settled",
    about: "three nodes that know each other; one crashes, and may come back",
    numHosts: 3,
    config: brisk,
    faults: { drop: 2, duplicate: 1, events: { Crash: 1, Start: 1 } },
    limitMs: 90_000,
    begin: settled,
  },
  {
    name: "joining",
    about: "two nodes join a third, with losses and duplicates",
    numHosts: 3,
    config: brisk,
    faults: { drop: 2, duplicate: 1 },
    limitMs: 90_000,
    begin: joining,
  },
  {
    name: "bare",
    about: "as settled, without what foca does not have",
    numHosts: 3,
    config: bare,
    faults: { drop: 2, duplicate: 1, events: { Crash: 1, Start: 1 } },
    limitMs: 90_000,
    begin: settled,
  },
  {
    name: "rounds",
    about: "nobody crashes, but datagrams are lost: who is suspected, refutes, and is probed in turn",
    numHosts: 3,
    config: {
      ...bare,
      periodicAnnounce: null,
      periodicAnnounceToDownMembers: null,
      suspectToDownAfterMs: 6000,
    },
    faults: { events: { OtherTimer: 3 } },
    timersOf: [0],
    limitMs: 90_000,
    begin: settled,
  },
  {
    name: "lives",
    about: "a node leaves, takes it back, naps, wakes, and changes its identity",
    numHosts: 3,
    config: brisk,
    faults: { drop: 1, events: { Leave: 1, Reuse: 1, ChangeIdentity: 2, Nap: 1, WakeUp: 1 } },
    limitMs: 90_000,
    begin: settled,
  },
  {
    name: "back",
    about: "a node crashes and starts again under its first life, as with a clock that was set back",
    numHosts: 3,
    config: brisk,
    faults: { drop: 1, events: { ChangeIdentity: 1, Crash: 1, StartBack: 1 } },
    limitMs: 90_000,
    begin: settled,
  },
  {
    name: "tombstone",
    about: "a node starts at the address of one that is Down under a life of far ahead",
    numHosts: 3,
    config: brisk,
    faults: { drop: 2, duplicate: 1 },
    limitMs: 90_000,
    begin: tombstone,
  },
  {
    name: "throwing",
    about: "the transport throws, nodes stall, the network changes",
    numHosts: 3,
    config: brisk,
    faults: { drop: 1, throwing: 2, events: { ThrowingTimer: 2, Stall: 1, NetworkChanged: 2, Crash: 1 } },
    limitMs: 90_000,
    begin: settled,
  },
  {
    name: "helpers",
    about: "four nodes, two helpers a probe, of which the settings take one away",
    numHosts: 4,
    config: { ...brisk, numIndirectProbes: 2, periodicAnnounce: null, periodicGossip: null },
    faults: { drop: 2, events: { LowerHelpers: 1 } },
    limitMs: 90_000,
    begin: settled,
  },
  {
    name: "foca",
    about: "two nodes of ours and a foca: one of ours, or the foca, crashes and may come back (needs cargo)",
    numHosts: 3,
    config: brisk,
    focaHosts: [0],
    faults: { drop: 2, duplicate: 1, events: { Crash: 1, Start: 1 } },
    limitMs: 120_000,
    begin: settledWithFoca,
  },
];
