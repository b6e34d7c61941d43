import { about, refuseUnknown } from "./checks.js";
import { requireInteger } from "./schema.js";
import { SwimError } from "./status.js";

/** A task that is repeated while we are connected. foca: `PeriodicParams`. */
export interface PeriodicParams {
  /** Milliseconds from one run to the next. */
  readonly frequencyMs: number;
  /** How many members are picked each time. */
  readonly numMembers: number;
}

/** The settings of a node; all nodes of a cluster should have the same. foca: `Config`, and limits of our own. */
export interface Config {
  /**
   * Milliseconds from one probe to the next (SWIM section 3.1, T'). A second is sane on a LAN. Must exceed
   * `probeRttMs`; time to detect a death grows with it, traffic shrinks.
   */
  readonly probePeriodMs: number;
  /**
   * Milliseconds to wait for an Ack before others are asked to ping. Set it above the usual round trip: too low,
   * and every probe costs indirect traffic; Wi-Fi devices that sleep answer after 250 ms on average.
   */
  readonly probeRttMs: number;
  /** Members asked to ping on our behalf, and members a call of `gossip` reaches (SWIM's k). 3 is sane. */
  readonly numIndirectProbes: number;
  /** How often an update or broadcast is sent, 1 to 255. Too low, and news does not reach everybody. */
  readonly maxTransmissions: number;
  /** Milliseconds a Suspect has to refute before it is declared Down. */
  readonly suspectToDownAfterMs: number;
  /**
   * Milliseconds a Down member is remembered, `Infinity` for ever; meanwhile its identity cannot come back.
   * Too short, and stale gossip resurrects the dead.
   */
  readonly removeDownAfterMs: number;
  /** The longest datagram we send, in bytes, and the size of the send buffer. Stay below the path's MTU. */
  readonly maxPacketSize: number;
  /** The longest datagram we take, in bytes. Larger than `maxPacketSize` lets a small device hear larger peers. */
  readonly maxReceiveSize: number;
  /** Whether a member that is held Down is told so when it is declared Down or speaks (TurnUndead). */
  readonly notifyDownMembers: boolean;
  /** Announces to random active members, which repairs a partial view. */
  readonly periodicAnnounce: PeriodicParams | null;
  /** Announces to random Down members, which heals partitions. */
  readonly periodicAnnounceToDownMembers: PeriodicParams | null;
  /** Gossip while there is something to spread, which makes news faster than the probes carry it. */
  readonly periodicGossip: PeriodicParams | null;
  /**
   * Counts a member that we hear from as probed in this round, so that probes go first to those who are silent.
   * Finds the dead sooner for the same traffic. Not in foca.
   */
  readonly probeSilentFirst: boolean;
  /**
   * Has every fourth probe go to our successor on a circle of hashed addresses: as everybody is somebody's successor,
   * nobody is left unprobed by chance for more than four periods. Same traffic. Not in foca.
   */
  readonly probeSuccessor: boolean;
  /**
   * Has the periodic gossip give news to our successor on a circle of hashed addresses before it picks members at
   * random, so that chance leaves nobody out. Fresh news waits for that, one gossip period at most. Same traffic. Not in foca.
   */
  readonly gossipToSuccessor: boolean;
  /**
   * Has a node that learned of many members (a quarter of those it knows, and 4 at least) send its successor the list
   * of all, as Feeds, once the news is spread: it finds whom the rush of a common start left out. A node that is sent
   * none, since foca's nodes do not, asks a random member for its Feed. Not in foca.
   */
  readonly listToSuccessor: boolean;
  /**
   * Has a node that hears a Down member called Alive or Suspect tell of its death once more, because somebody does not
   * know of it. A node behind a bad link can hold a dead member for alive, and tell newcomers so. Not in foca.
   */
  readonly repeatDown: boolean;
  /** The most members held, Down ones included; 1 to 65,000. What does not fit is refused and counted. */
  readonly maxMembers: number;
  /** Members that there is room for from the start (`maxMembers` at most); the table doubles up to `maxMembers`. */
  readonly initialMembers: number;
  /**
   * The longest identity that a member may have, in bytes as encoded, 1 to 1,024; the source, destination and subject
   * of a datagram too. All rows of the table are as wide as the longest identity met, so that one long name takes memory
   * for every member. What is longer is refused and counted.
   */
  readonly maxIdentityLength: number;
  /** The most custom broadcasts kept for sending. */
  readonly maxBroadcasts: number;
  /** The most bytes of custom broadcasts kept for sending. */
  readonly maxBroadcastBytes: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Deadlines are kept in 32 bits: 24 days is the longest wait but `Infinity`. */
const LONGEST_WAIT_MS = 24 * DAY_MS;
const PERIODIC = "periodicAnnounce periodicAnnounceToDownMembers periodicGossip";

type Periodic = "periodicAnnounce" | "periodicAnnounceToDownMembers" | "periodicGossip";

/** SWIM with suspicion and nothing periodic: for small clusters, tests, and building upon. foca: `Config::simple`. */
export function simple(): Config {
  return Object.freeze({
    probePeriodMs: 1500,
    probeRttMs: 500,
    numIndirectProbes: 3,
    maxTransmissions: 10,
    suspectToDownAfterMs: 3000,
    removeDownAfterMs: DAY_MS,
    maxPacketSize: 1400,
    maxReceiveSize: 1400,
    notifyDownMembers: false,
    periodicAnnounce: null,
    periodicAnnounceToDownMembers: null,
    periodicGossip: null,
    probeSilentFirst: false,
    probeSuccessor: false,
    gossipToSuccessor: false,
    listToSuccessor: false,
    repeatDown: false,
    maxMembers: 1024,
    initialMembers: 8,
    maxIdentityLength: 64,
    maxBroadcasts: 64,
    maxBroadcastBytes: 8192,
  });
}

/** For about `clusterSize` nodes on one local network. foca: `Config::new_lan`. */
export function lan(clusterSize: number): Config {
  return sized(clusterSize, 1000, 500, 4, 30_000, 1, 65_000, 2, 200, 3);
}

/** For about `clusterSize` nodes across the Internet. foca: `Config::new_wan`. */
export function wan(clusterSize: number): Config {
  return sized(clusterSize, 5000, 3000, 6, 60_000, 2, 125_000, 3, 500, 4);
}

function sized(
  clusterSize: number,
  probePeriodMs: number,
  probeRttMs: number,
  suspicionMultiplier: number,
  announceMs: number,
  announceTo: number,
  announceDownMs: number,
  announceDownTo: number,
  gossipMs: number,
  gossipTo: number,
): Config {
  try {
    requireInteger(clusterSize, 1, 0xffffffff);
  } catch (error) {
    throw about("clusterSize, as in lan(10): ", error);
  }
  const transmissions = Math.floor(4 * Math.log10(clusterSize + 1));
  return Object.freeze(
    Object.assign({}, simple(), {
      probePeriodMs,
      probeRttMs,
      maxTransmissions: Math.min(255, Math.max(1, transmissions)),
      suspectToDownAfterMs: Math.round(
        Math.max(1, Math.log10(clusterSize)) * suspicionMultiplier * probePeriodMs,
      ),
      notifyDownMembers: true,
      probeSilentFirst: true,
      probeSuccessor: true,
      gossipToSuccessor: true,
      listToSuccessor: true,
      repeatDown: true,
      maxMembers: Math.min(65000, Math.max(1024, clusterSize * 2)),
      periodicAnnounce: Object.freeze({ frequencyMs: announceMs, numMembers: announceTo }),
      periodicAnnounceToDownMembers: Object.freeze({
        frequencyMs: announceDownMs,
        numMembers: announceDownTo,
      }),
      periodicGossip: Object.freeze({ frequencyMs: gossipMs, numMembers: gossipTo }),
    }),
  );
}

/**
 * A frozen copy of good settings, periodic tasks included (the very object, when all of it is frozen already).
 * @throws TypeError or RangeError that names the setting, what it is and what it may be.
 */
export function checkConfig(config: Config): Config {
  if (config === null || typeof config !== "object") {
    throw new TypeError("config: expected the settings that simple(), lan(n) or wan(n) give");
  }
  refuseUnknown("config", config, Object.keys(simple()));
  // Name, least, most: a text takes less flash than as many calls.
  const numbers = (
    "probePeriodMs 2 2073600000 numIndirectProbes 1 255 maxTransmissions 1 255 suspectToDownAfterMs 1 2073600000 " +
    "maxPacketSize 16 65507 maxReceiveSize 16 65507 maxMembers 1 65000 initialMembers 1 65000 maxIdentityLength 1 1024 " +
    "maxBroadcasts 0 65535 maxBroadcastBytes 0 2147483647"
  ).split(" ");
  for (let i = 0; i < numbers.length; i += 3)
    checkNumber(config, numbers[i] as keyof Config, Number(numbers[i + 1]), Number(numbers[i + 2]));
  checkNumber(config, "probeRttMs", 1, config.probePeriodMs - 1);
  if (config.removeDownAfterMs !== Infinity) checkNumber(config, "removeDownAfterMs", 1, LONGEST_WAIT_MS);
  const flags =
    "notifyDownMembers probeSilentFirst probeSuccessor gossipToSuccessor listToSuccessor repeatDown".split(
      " ",
    );
  for (let i = 0; i < flags.length; i++) {
    if (typeof config[flags[i] as keyof Config] === "boolean") continue;
    throw new TypeError("config." + flags[i] + ": expected true or false");
  }
  const tasks = PERIODIC.split(" ");
  for (let i = 0; i < tasks.length; i++) checkPeriodic(config, tasks[i] as Periodic);
  return frozenCopy(config);
}

/** The settings and their periodic tasks, none of which anybody can change any more: what is frozen already is taken as it is. */
function frozenCopy(config: Config): Config {
  const tasks = PERIODIC.split(" ") as Periodic[];
  let isFrozen = Object.isFrozen(config);
  const frozen: { -readonly [K in Periodic]?: PeriodicParams | null } = {};
  for (let i = 0; i < tasks.length; i++) {
    const task = config[tasks[i]];
    const isKept = task === null || Object.isFrozen(task);
    frozen[tasks[i]] = isKept ? task : Object.freeze(Object.assign({}, task));
    if (!isKept) isFrozen = false;
  }
  return isFrozen ? config : Object.freeze(Object.assign({}, config, frozen));
}

function checkNumber(config: Config, name: keyof Config, low: number, high: number): void {
  const value = config[name];
  if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high) return;
  const message =
    "config." + name + ": expected an integer from " + low + " to " + high + ", got " + String(value);
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

function checkPeriodic(config: Config, name: Periodic): void {
  const params = config[name];
  if (params === null) return;
  if (params === undefined || typeof params !== "object") {
    throw new TypeError("config." + name + ": expected { frequencyMs, numMembers } or null");
  }
  checkPeriodicNumber(name, "frequencyMs", params.frequencyMs, LONGEST_WAIT_MS);
  checkPeriodicNumber(name, "numMembers", params.numMembers, 255);
}

function checkPeriodicNumber(task: Periodic, name: keyof PeriodicParams, value: number, high: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= high) return;
  throw new RangeError("config." + task + "." + name + ": expected an integer from 1 to " + high);
}

/** @throws SwimError `InvalidConfig` when `next` cannot take the place of `current` in a running node. */
export function checkConfigChange(current: Config, next: Config): void {
  if (next.probePeriodMs !== current.probePeriodMs || next.probeRttMs !== current.probeRttMs) {
    throw new SwimError(
      "InvalidConfig",
      "setConfig: probePeriodMs and probeRttMs cannot change; make a new Swim",
    );
  }
  const tasks = PERIODIC.split(" ");
  for (let i = 0; i < tasks.length; i++) {
    const name = tasks[i] as Periodic;
    if (current[name] !== null || next[name] === null) continue;
    throw new SwimError(
      "InvalidConfig",
      "setConfig: " + name + " was off and cannot be turned on; make a new Swim",
    );
  }
}
