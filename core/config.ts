import { about, refuseUnknown } from "./checks.js";
import { requireInteger } from "./schema.js";
import { SwimError } from "./status.js";

/** A task that a node repeats while it is connected. foca: `PeriodicParams`. */
export interface PeriodicParams {
  /** Milliseconds from one run to the next. */
  readonly frequencyMs: number;
  /** How many members are picked at random for each run, 1 to 255. */
  readonly numMembers: number;
}

/**
 * The settings of a node. All nodes of a cluster should have the same. Start from `lan`, `wan` or `simple`, and change
 * single settings: `{ ...lan(10), maxMembers: 32 }`. foca: `Config`; the limits on memory are not in foca.
 */
export interface Config {
  /**
   * Milliseconds from one probe to the next (SWIM section 3.1, T'). 1000 suits a LAN. It must be larger than
   * `probeRttMs`. A longer period makes less traffic, but it takes longer until a death is found.
   */
  readonly probePeriodMs: number;
  /**
   * Milliseconds that a node waits for an Ack before it asks other members to ping on its behalf. Set it above the
   * usual round trip time: when it is too low, every probe causes indirect traffic. Wi-Fi devices with modem sleep
   * answer after 250 ms on average.
   */
  readonly probeRttMs: number;
  /**
   * How many members a node asks to ping on its behalf (SWIM's k), and how many a call of `gossip` or `broadcast`
   * reaches; 1 to 255. 3 suits most clusters.
   */
  readonly numIndirectProbes: number;
  /**
   * How often a node sends each update and each broadcast, 1 to 255. When it is too low, news does not reach
   * everybody.
   */
  readonly maxTransmissions: number;
  /** Milliseconds that a Suspect member has to refute the suspicion before it is declared Down. */
  readonly suspectToDownAfterMs: number;
  /**
   * Milliseconds until a node forgets a Down member; `Infinity` for never. Until then the member cannot come back
   * under the same identity. When it is too short, old gossip can make dead members look alive again.
   */
  readonly removeDownAfterMs: number;
  /**
   * The longest datagram that this node sends, in bytes, and so the size of its send buffer. Stay below the MTU of
   * the network.
   */
  readonly maxPacketSize: number;
  /**
   * The longest datagram that this node takes in, in bytes. It can be larger than `maxPacketSize`, so that a device
   * with a small send buffer understands members that send longer datagrams.
   */
  readonly maxReceiveSize: number;
  /**
   * Whether this node sends a TurnUndead to a member when it declares the member Down, and when a Down member sends
   * it a datagram. A member that is alive learns from it that it must come back under a renewed identity.
   */
  readonly notifyDownMembers: boolean;
  /** Announces to random active members, and so learns of members that this node missed; null for never. */
  readonly periodicAnnounce: PeriodicParams | null;
  /**
   * Announces to random Down members, so that the two sides of a network partition find each other when it is over;
   * null for never.
   */
  readonly periodicAnnounceToDownMembers: PeriodicParams | null;
  /**
   * Sends Gossips while something is queued, so that news spreads faster than with the probes alone; null for never.
   */
  readonly periodicGossip: PeriodicParams | null;
  /**
   * Counts a member that sends a datagram as probed in this round, so that probes go to silent members first. Deaths
   * are found sooner for the same traffic. Not in foca.
   */
  readonly probeSilentFirst: boolean;
  /**
   * Sends every fourth probe to this node's successor on a circle of hashed addresses. Every member is the successor
   * of some node, so nobody is left unprobed by chance for more than four periods. The traffic stays the same. Not in
   * foca.
   */
  readonly probeSuccessor: boolean;
  /**
   * Makes the periodic gossip give news to this node's successor on a circle of hashed addresses before it picks
   * members at random, so that chance leaves nobody out. Fresh news waits one gossip period at most for that. The
   * traffic stays the same. Not in foca.
   */
  readonly gossipToSuccessor: boolean;
  /**
   * When many nodes start at once, some may be missed. With this setting, a node that learned of many members (a
   * quarter of those it knows, and at least 4) sends the list of all members to its successor, as Feeds, once the
   * news is spread. It does so, too, when its successor has just started, and one Feed has no room for all. A node that
   * gets no such list, because its predecessor is a foca node or has no room for all, asks five random members for a
   * Feed. Not in foca.
   */
  readonly listToSuccessor: boolean;
  /**
   * Makes a node that hears somebody call a Down member Alive or Suspect, or is asked to ping it, spread the death once more,
   * because that node does not know of it. A node behind a bad link can take a dead member for alive, and tell newcomers so. Not in foca.
   */
  readonly repeatDown: boolean;
  /**
   * Sends each helper of an indirect probe a Ping, too. When a probe fails and no helper answered that Ping, this node
   * does not hear, so nobody is suspected, and suspicions of its own stand still. After ten times
   * `suspectToDownAfterMs` without any answer it judges all the same. Costs traffic only where a member did not answer.
   * Lifeguard (section 4.1) has its nacks for this, which foca does not know. Not in foca.
   */
  readonly holdWhenDeaf: boolean;
  /**
   * A wake-up that comes late by more than half of `probeRttMs` says that this node stalled. With this setting, the time
   * of the stall does not count against anybody, and what was to be judged in it is judged after the datagrams that
   * wait have been read. Not in foca.
   */
  readonly noticeLateness: boolean;
  /**
   * Tells a Suspect of its suspicion first in whatever is sent to it, so that it can refute at once (Lifeguard, section
   * 4.3, its buddy system), and gives every second probe to the suspect that this node is to declare Down next. Not in foca.
   */
  readonly tellSuspects: boolean;
  /**
   * Waits longer than `probeRttMs` before others are asked to ping, when answers take longer: for the smoothed round
   * trip time and four times its spread, as TCP does (RFC 6298), but no longer than `probePeriodMs`. A member that has not
   * answered by then gets as long again. Not in foca.
   */
  readonly fitRtt: boolean;
  /**
   * Spreads the turns of `periodicAnnounceToDownMembers` over time, from half to one and a half of its period, and after a
   * death begins with pauses of 5 s, 10 s and so on. Nodes that were cut off from each other at one moment had their turns
   * at one moment too, so that nobody announced for a minute. Not in foca.
   */
  readonly seekDown: boolean;
  /**
   * Answers a Ping or Gossip for an identity that this node has no more, or not yet, by a Gossip, so that the sender learns
   * which identity is here now. Else a node that missed all renewals of a healed partition probes former identities, whom
   * nobody answers for. Not in foca.
   */
  readonly answerFormer: boolean;
  /**
   * Prefers members that have sent this node a datagram to those that it was only told of. In a full table the former take the
   * place of the latter, who may take that of a Down member only up to a quarter of the table. Where a quarter of the table is
   * filled, and mostly by the latter, every second probe (with `probeSilentFirst`), and at first the helpers, Gossips and
   * Feeds, are for those that were heard. So somebody who makes up members can neither fill the table nor keep a death from
   * being found. Not in foca.
   */
  readonly preferHeard: boolean;
  /**
   * Milliseconds after this node found the cluster in which it sends nothing of its own accord: no probes, no Gossips, no
   * periodic Announces. It answers, and so is a member as others. For devices that nap and are awake for seconds; 0 for all
   * others. Not in foca.
   */
  readonly quietStartMs: number;
  /**
   * How many members the table holds at most, the Down ones included; 1 to 65,000. When the table is full, an active
   * newcomer takes the place of a Down member; when there is none, the newcomer is refused and counted. Some members of a
   * cluster should have room for all.
   */
  readonly maxMembers: number;
  /**
   * For how many members the table has room at the start, at most `maxMembers`. A full table doubles, up to
   * `maxMembers`.
   */
  readonly initialMembers: number;
  /**
   * The longest identity that this node accepts, in encoded bytes; 1 to 1,024. All rows of the table are as wide as
   * the longest identity that the node has met, so one long name takes memory for every member. Members with a longer
   * identity are refused and counted, and datagrams whose header names one end with `Status.Decode`.
   */
  readonly maxIdentityLength: number;
  /** How many custom broadcasts are queued at most; those that were sent most often are dropped first. */
  readonly maxBroadcasts: number;
  /** How many bytes of custom broadcasts are queued at most. */
  readonly maxBroadcastBytes: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Deadlines are kept in 32 bits: 24 days is the longest wait but `Infinity`. */
const LONGEST_WAIT_MS = 24 * DAY_MS;
const PERIODIC = "periodicAnnounce periodicAnnounceToDownMembers periodicGossip";

type Periodic = "periodicAnnounce" | "periodicAnnounceToDownMembers" | "periodicGossip";

/**
 * Returns settings for SWIM with suspicion and without periodic tasks: for small clusters, for tests, and as a base
 * for your own settings. foca: `Config::simple`.
 */
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
    holdWhenDeaf: false,
    noticeLateness: false,
    tellSuspects: false,
    fitRtt: false,
    seekDown: false,
    answerFormer: false,
    preferHeard: false,
    quietStartMs: 0,
    maxMembers: 1024,
    initialMembers: 8,
    maxIdentityLength: 64,
    maxBroadcasts: 64,
    maxBroadcastBytes: 8192,
  });
}

/**
 * Returns settings for about `clusterSize` nodes on one local network. foca: `Config::new_lan`.
 * @throws TypeError or RangeError when `clusterSize` is not an integer of at least 1.
 */
export function lan(clusterSize: number): Config {
  return sized(clusterSize, 1000, 500, 4, 30_000, 1, 65_000, 2, 200, 3);
}

/**
 * Returns settings for about `clusterSize` nodes that are connected by the Internet. foca: `Config::new_wan`.
 * @throws TypeError or RangeError when `clusterSize` is not an integer of at least 1.
 */
export function wan(clusterSize: number): Config {
  return sized(clusterSize, 5000, 3000, 6, 60_000, 2, 125_000, 3, 500, 4);
}

/**
 * Returns settings for about `clusterSize` nodes on one local network whose radios sleep between beacons, as an ESP32's
 * does unless it is told otherwise: their answers come 250 ms late on average, and up to seconds. As `lan`, but a probe has
 * twice as long. Not in foca.
 * @throws TypeError or RangeError when `clusterSize` is not an integer of at least 1.
 */
export function wifi(clusterSize: number): Config {
  return sized(clusterSize, 2000, 500, 4, 30_000, 1, 65_000, 2, 200, 3);
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
      holdWhenDeaf: true,
      noticeLateness: true,
      tellSuspects: true,
      fitRtt: true,
      seekDown: true,
      answerFormer: true,
      preferHeard: true,
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
    "maxBroadcasts 0 65535 maxBroadcastBytes 0 2147483647 quietStartMs 0 2073600000"
  ).split(" ");
  for (let i = 0; i < numbers.length; i += 3)
    checkNumber(
      numbers[i],
      config[numbers[i] as keyof Config],
      Number(numbers[i + 1]),
      Number(numbers[i + 2]),
    );
  checkNumber("probeRttMs", config.probeRttMs, 1, config.probePeriodMs - 1);
  const removeDownAfterMs = config.removeDownAfterMs;
  if (removeDownAfterMs !== Infinity) checkNumber("removeDownAfterMs", removeDownAfterMs, 1, LONGEST_WAIT_MS);
  const flags =
    "notifyDownMembers probeSilentFirst probeSuccessor gossipToSuccessor listToSuccessor repeatDown holdWhenDeaf noticeLateness tellSuspects fitRtt seekDown answerFormer preferHeard".split(
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

/** Returns a frozen copy of the settings and their periodic tasks. What is frozen already is not copied. */
function frozenCopy(config: Config): Config {
  const tasks = PERIODIC.split(" ") as Periodic[];
  let isFrozen = Object.isFrozen(config);
  const frozen: { -readonly [K in Periodic]?: PeriodicParams | null } = {};
  for (let i = 0; i < tasks.length; i++) {
    const task = config[tasks[i]];
    // null counts as frozen, too.
    const isKept = Object.isFrozen(task);
    frozen[tasks[i]] = isKept ? task : Object.freeze(Object.assign({}, task));
    if (!isKept) isFrozen = false;
  }
  return isFrozen ? config : Object.freeze(Object.assign({}, config, frozen));
}

function checkNumber(name: string, value: unknown, low: number, high: number): void {
  if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high) return;
  const message =
    "config." + name + ": expected an integer from " + low + " to " + high + ", got " + String(value);
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

function checkPeriodic(config: Config, name: Periodic): void {
  const params = config[name];
  if (params === null) return;
  if (typeof params !== "object") {
    throw new TypeError("config." + name + ": expected { frequencyMs, numMembers } or null");
  }
  checkNumber(name + ".frequencyMs", params.frequencyMs, 1, LONGEST_WAIT_MS);
  checkNumber(name + ".numMembers", params.numMembers, 1, 255);
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
