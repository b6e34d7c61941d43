import { refuseUnknown } from "../../core/checks.js";
import type {
  BroadcastHandler,
  Codec,
  Config,
  HeaderValue,
  IdentityType,
  Integer64,
  Random,
  Renewable,
  SwimOptions,
} from "../../core/index.js";
import { checkHost } from "./addresses.js";
import type { Store } from "./bump.js";
import type { ClusterKey } from "./cluster-keys.js";
import type { Seal, Sealing } from "./seal.js";
import { checkFormat, type ValueFormat, type ValueOf } from "./value-format.js";

/**
 * The type of the address of an identity of type `T`, as far as `T` alone says it. `onBroadcast` is given such an
 * address.
 */
export type AddressOf<T> = T extends Renewable ? string : T extends string ? T : unknown;

/** The members that a node asked to ping another one for it. */
export interface ProbeHelpers {
  /** How many were asked; 0 where nobody else is there. */
  asked: number;
  /**
   * How many of those answered a Ping of our own, which they are sent with the setting `holdWhenDeaf`. When it is 0, it is likely
   * that this node itself is cut off.
   */
  answered: number;
}

/**
 * The options of `SwimNode`, which are the same on every platform. They are checked before a socket is opened; do not
 * change them afterwards. The event loop calls your callbacks one after another, never while you call a method of the
 * node.
 */
export interface SwimNodeOptions<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> {
  /** The UDP port to bind, 1 to 65535. The others reach this node at the same port. */
  port: number;
  /** The local IP address to bind; all addresses of the machine when left out. XS ignores it and always binds all. */
  address?: string;
  /**
   * The IP address at which the others reach this node. When this and `identity` are left out, the platform finds
   * one. On Node it then takes another one, too, when the machine gets one.
   */
  advertise?: string;
  /** The identity of this node. You need it only when your identity type has more than an address and a bump. */
  identity?: T;
  /** The identity type of the cluster; `renewableAddr` when left out, as in foca's example agent. */
  identityType?: IdentityType<T, A>;
  /** The wire format of the cluster; `bincode` when left out, as in foca's example agent. */
  codec?: Codec;
  /** The settings of the cluster; `lan(10)` when left out, as in foca's example agent. */
  config?: Config;
  /**
   * Members that help this node to join, as `192.168.1.10:7946` or as identities. The node tries them again for as
   * long as it knows no other member. With a `store` it tries the members that it remembers, too. On Node and on the fake network
   * a seed may be the name of a host, such as `lamp.local:7946`, which is looked up again at each try; on a device, names go to
   * `discover` of `xswim/discover`.
   */
  seeds?: readonly (string | NoInfer<T>)[];
  /**
   * The number of this life of the device, which must grow from one start to the next. When it is left out, the node
   * takes one more than the number in `store`, and at least the clock's seconds since 1970 when there is a clock.
   */
  bump?: Integer64;
  /**
   * Keeps `bump`, and the addresses of up to eight other members, over a restart: the default export of Moddable's
   * module `preference`, or an object of the same shape. A device without a store and without a clock begins every life
   * with the number 1. After a restart the others then take it for its former self, until one of them tells it that it
   * was declared Down. What it publishes reaches them a little later then: it must first hear how often it published in its
   * former life.
   *
   * The node writes the number when it starts, when its address changes, and when it rejoins after being declared Down.
   * To spare the flash, it writes the number of a rejoin at most once a minute, and in `close`. A device that loses its
   * power within that minute may start with a number that it had already; the cluster tells it so, and it comes back
   * with a larger one. A power cut in the middle of a write loses nothing.
   *
   * The members are some that the node heard from itself. While it is alone, it calls them beside its seeds. It writes
   * them when it has been connected for a minute, later at most once an hour, and in `close`; each time only what has
   * changed. It does not remember members of an identity type without `at`.
   *
   * With `keys`, it also keeps the number of the node's starts, which every nonce contains. Two nodes must not have one store, nor
   * copies of one.
   */
  store?: Store;
  /**
   * One to four keys of the cluster. With them, every datagram is sealed, and only sealed ones are taken: whoever has no key
   * is neither heard nor able to read. On a device, import `SwimNode` from `xswim/sealed`. See `docs/SECURITY.md`.
   *
   * A seal takes 21 bytes of the `maxPacketSize` that you give in `config`, so that of `swim.config` is smaller by as much, and
   * what you give to `swim.setConfig` must be, too.
   *
   * Give a `store`, too: it keeps a number that grows with each start, and no two nodes may have the same. Without one, a node
   * takes random numbers at each start, and a device without a generator of such refuses to start.
   */
  keys?: readonly ClusterKey[];
  /** The id of the key that seals what this node sends; the first one when left out. */
  sendWith?: number;
  /**
   * What to do with the keys, `"require"` when left out. `"off"` does nothing with them. `"accept"` takes what is sealed
   * and what is not, and sends nothing sealed. `"send"` takes both, too, and seals what it sends. `"require"` takes nothing
   * that is not sealed. A running cluster goes from each to the next node by node, at a restart or by `setSealing`.
   */
  sealing?: Sealing;
  /** Returns 32 random bits at each call; the platform's generator when left out. */
  random?: Random;
  /**
   * Replaces the format and the rules behind `broadcast` and `onBroadcast` with your own; then there are no values. Give
   * either this or `onBroadcast` and `onValue`.
   */
  broadcastHandler?: BroadcastHandler<T>;
  /**
   * How the values of the cluster stand in bytes: `"bytes"` when left out, `"text"` (UTF-8), `"json"` (with up to 32 brackets
   * in each other), or a schema such as `struct({ celsius: i16, battery: u8 })`, which takes the fewest bytes. All members
   * should have the same. A value that cannot be decoded is refused and counted, and the one before it stays.
   */
  value?: F;
  /**
   * How many values of others this node keeps; `maxMembers` of the settings when left out. 0 keeps none: `onValue` hears
   * them, and `value` has none to give.
   */
  maxValues?: number;
  /**
   * How many bytes these may take in memory, with 14 to 18 of each beside the value itself; 64 times `maxMembers` when left
   * out. A value that finds no room takes that of a member that is Down, or is heard and not kept.
   */
  maxValueBytes?: number;
  /**
   * Milliseconds from one comparison with another member's values to the next, 5000 when left out. A comparison is 17 bytes in
   * a datagram that is sent anyway. What was missed is then sent. 0 compares nothing: what is missed, or was published
   * before this node joined, is not known here until it is published again.
   */
  compareValuesMs?: number;
  /** The socket is open. */
  onReady?(): void;
  /** A member became active. */
  onMemberUp?(identity: T): void;
  /** An active member was declared Down, or left. */
  onMemberDown?(identity: T): void;
  /**
   * An active member left by itself, as far as can be told: the news of it came while nobody suspected it. When this option is
   * not there, `onMemberDown` is called instead.
   */
  onMemberLeft?(identity: T): void;
  /**
   * A member is Suspect: it will be declared Down unless it refutes that.
   * @param by who says so: this node itself, whose probe it did not answer, or else the sender of the datagram that told of it,
   *   who may pass it on from others; undefined when that one is no member here
   */
  onSuspect?(member: T, by: T | undefined): void;
  /** A member that was Suspect is Alive: it refuted the suspicion. */
  onRefuted?(member: T): void;
  /** A member answered neither this node's probe nor those that were asked to help. */
  onProbeFailed?(member: T, helpers: ProbeHelpers): void;
  /** A new member was not taken in: there are `maxMembers` active ones already, or its identity is too long. */
  onMemberRefused?(member: T): void;
  /**
   * An active member takes a nap: it sleeps, and promised to be back within `ms` milliseconds. It counts neither as active
   * nor as Down until then; see `SwimNode.nap`.
   */
  onMemberNap?(identity: T, ms: number): void;
  /** A member that took a nap is late by half of what it promised, and by 5 s at least: it counts as Down from now on. */
  onMemberOverdue?(identity: T): void;
  /** The identity `after` took the place of the older identity `before`, which has the same address. */
  onRename?(before: T, after: T): void;
  /** This node knows an active member now, so it is connected. */
  onActive?(): void;
  /** The last active member is gone. The node tries its seeds again. */
  onIdle?(): void;
  /** This node was declared Down and cannot renew its identity, or it left. */
  onDefunct?(): void;
  /** This node was declared Down, and came back under the renewed identity `identity`. */
  onRejoin?(identity: T): void;
  /**
   * A member has a new value: it published one, or this node was told of it later. You may keep what it is given.
   * @param member the identity of the member
   */
  onValue?(value: ValueOf<F>, member: T): void;
  /**
   * A member sent news by `broadcast`.
   * @param bytes what it sent; you may keep the array
   * @param from the address of the member that published it, as identities contain it: a text such as
   *   `192.168.1.10:7946` with `renewableAddr`
   */
  onBroadcast?(bytes: Uint8Array, from: A): void;
  /** A member answered a probe itself, `ms` milliseconds after the Ping was sent. Costs an event for each probe. */
  onRoundTrip?(member: T, ms: number): void;
  /** A datagram was passed to the socket. For inspection: building the header takes time and memory. */
  onDatagramSent?(header: HeaderValue<T>): void;
  /** A well-formed datagram for this node came in. For inspection: building the header takes time and memory. */
  onDatagramReceived?(header: HeaderValue<T>): void;
  /**
   * The socket failed to open, send or receive, or the store failed. The failure is counted in `socketErrors` and the
   * node goes on. On XS, exceptions from your other callbacks come here, too.
   */
  onError?(error: unknown): void;
}

/** The options, whatever the format of the values is. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as it says
export type AnyNodeOptions<T, A> = SwimNodeOptions<T, A, any>;

/** The node that a seal is for. */
export interface SealedNode {
  failed(error: unknown): void;
}

/** What a platform makes the seal of a node by, and room for it in the options of the core. */
export type MakeSeal = <T, A>(
  node: SealedNode,
  options: AnyNodeOptions<T, A>,
  swimOptions: SwimOptions<T>,
) => Seal;

/** What a platform finds out by itself, for options that the user left out. */
export interface PlatformDefaults {
  /** The IP address at which the others reach this node. */
  advertise: string;
  bump: Integer64;
  random: Random;
  /** Makes the seal of a node that was given keys; undefined where the platform's `SwimNode` has none. */
  makeSeal?: MakeSeal;
  /** What the store threw meanwhile, which is told once the node runs. */
  errors?: readonly unknown[];
}

/** How a node reaches its platform: one socket and one timer. */
export interface Driver {
  /** Returns the time of a clock that never goes back, in milliseconds. */
  now(): number;
  /** Sends `data[start..end]`. What it throws is counted, and the node goes on. It must not call the node. */
  send(address: string, port: number, data: Uint8Array, start: number, end: number): void;
  /** Arranges that `SwimNodeBase.wake` is called once, in `ms` milliseconds. This replaces the previous call. */
  arm(ms: number): void;
  /** Closes the socket and the timer; the driver calls nothing any more. */
  close(): void;
}

/** The names of the callbacks, and of all options. */
const CALLBACKS =
  "onReady onMemberUp onMemberDown onMemberLeft onSuspect onRefuted onProbeFailed onMemberRefused onMemberNap onMemberOverdue onRename onActive onIdle onDefunct onRejoin onValue onBroadcast onRoundTrip onDatagramSent onDatagramReceived onError random";
const OPTIONS =
  CALLBACKS +
  " port address advertise identity identityType codec config seeds bump store broadcastHandler keys sendWith sealing value maxValues maxValueBytes compareValuesMs";

/**
 * Checks what can be checked before the platform has done anything. The core checks the identities, codec and
 * settings.
 * @param more the names of further callbacks that the platform has, each after a blank
 * @param others the same of its further options
 * @throws TypeError or RangeError that names the wrong or unknown option.
 */
export function checkNodeOptions<T, A>(options: AnyNodeOptions<T, A>, more = "", others = ""): void {
  if (options === null || typeof options !== "object")
    throw new TypeError("SwimNode: expected an object of options");
  refuseUnknown("SwimNode", options, (OPTIONS + more + others).split(" "));
  const callbacks = (CALLBACKS + more).split(" ");
  for (let i = 0; i < callbacks.length; i++) {
    const callback = options[callbacks[i] as keyof SwimNodeOptions];
    if (callback !== undefined && typeof callback !== "function")
      throw new TypeError("SwimNode: " + callbacks[i] + " must be a function");
  }
  const { port, seeds, bump, store, advertise } = options;
  if (!Number.isInteger(port)) throw new TypeError("SwimNode: port must be an integer from 1 to 65535");
  if (port < 1 || port > 65535) throw new RangeError("SwimNode: port must be from 1 to 65535");
  if (seeds !== undefined && !Array.isArray(seeds))
    throw new TypeError("SwimNode: seeds must be an array of addresses or identities");
  if (bump !== undefined && !isInteger64(String(bump)))
    throw new TypeError(
      "SwimNode: bump must be a whole number below 2^64, or its decimal digits as a string",
    );
  if (store !== undefined && (typeof store?.get !== "function" || typeof store.set !== "function"))
    throw new TypeError("SwimNode: store must have the methods get and set, like the module preference");
  if (options.keys === undefined && (options.sendWith ?? options.sealing) !== undefined)
    throw new TypeError("SwimNode: sendWith and sealing are about keys; give keys, too");
  if (advertise !== undefined) checkHost("SwimNode: advertise", advertise);
  if (options.broadcastHandler !== undefined && options.onBroadcast !== undefined) {
    throw new TypeError("SwimNode: give either broadcastHandler or onBroadcast, not both");
  }
  if (options.broadcastHandler !== undefined && (options.onValue ?? options.value) !== undefined)
    throw new TypeError("SwimNode: give either broadcastHandler or value and onValue, not both");
  checkFormat(options.value);
  const limits = ["maxValues", "maxValueBytes", "compareValuesMs"] as const;
  for (let i = 0; i < limits.length; i++) {
    const limit = options[limits[i]];
    if (limit === undefined || (Number.isInteger(limit) && limit >= 0 && limit <= 0x7fffffff)) continue;
    throw new RangeError("SwimNode: " + limits[i] + " must be a whole number, 0 or more");
  }
}

function isInteger64(digits: string): boolean {
  return /^[0-9]{1,20}$/.test(digits) && (digits.length < 20 || digits <= "18446744073709551615");
}
