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
} from "../../core/index.js";
import { checkHost } from "./addresses.js";
import type { Store } from "./bump.js";

/** What stays the same of an identity when it is renewed, where the type of the identity tells that by itself. */
export type AddressOf<T> = T extends Renewable ? string : T extends string ? T : unknown;

/**
 * What a `SwimNode` is told, the same on every platform. Checked before a socket is opened; not to be changed
 * afterwards. Callbacks run one after another from the event loop, never inside a call of yours.
 */
export interface SwimNodeOptions<T = Renewable, A = AddressOf<T>> {
  /** The UDP port to bind, and the one others reach us at. */
  port: number;
  /** The local address to bind; all of them when left out. Not for XS, which binds to all. */
  address?: string;
  /** The IP address that others reach us at. The platform finds one when this and `identity` are left out. */
  advertise?: string;
  /** Who we are, when an address and a bump do not say it. */
  identity?: T;
  /** What kind of identities the cluster has; `renewableAddr` when left out, as foca's example agent. */
  identityType?: IdentityType<T, A>;
  /** The wire format of the cluster; `bincode` when left out, as foca's example agent. */
  codec?: Codec;
  /** The settings of the cluster; `lan(10)` when left out, as foca's example agent. */
  config?: Config;
  /** Members to join by, as `192.168.1.10:7946` or as identities. Tried again for as long as we are alone. */
  seeds?: readonly (string | NoInfer<T>)[];
  /**
   * Which life of this device this is; must grow from one start to the next. When it is left out, it is one more
   * than what `store` kept, and at least the clock's seconds where there is a clock.
   */
  bump?: Integer64;
  /**
   * Keeps `bump` from one start to the next: the default export of Moddable's module `preference`, or an object of the
   * same shape. A device that has neither a store nor a clock that was set begins every life with the number 1, so that
   * the others take it for its former self after a restart, until they tell it otherwise.
   */
  store?: Store;
  /** 32 random bits a call; the platform has its own when it is left out. */
  random?: Random;
  /** Takes the place of `broadcast` and `onBroadcast`, for formats and rules of one's own. */
  broadcastHandler?: BroadcastHandler<T>;
  /** The socket is open. */
  onReady?(): void;
  onMemberUp?(identity: T): void;
  onMemberDown?(identity: T): void;
  /** A newer identity took the place of a known one with the same address. */
  onRename?(before: T, after: T): void;
  /** We know an active member. */
  onActive?(): void;
  /** The last active member is gone; the seeds are tried again. */
  onIdle?(): void;
  /** We were declared Down and cannot come back by ourselves, or left. */
  onDefunct?(): void;
  /** We were declared Down and came back under this identity. */
  onRejoin?(identity: T): void;
  /**
   * A member published something new. `from` is the address of who published it, as it stands in identities: a text
   * such as `192.168.1.10:7946` with `renewableAddr`. `bytes` are yours to keep.
   */
  onBroadcast?(bytes: Uint8Array, from: A): void;
  /** A datagram was handed to the socket. For inspection: without it no header is put into a value. */
  onDatagramSent?(header: HeaderValue<T>): void;
  /** A datagram was found whole and addressed to us. For inspection, as above. */
  onDatagramReceived?(header: HeaderValue<T>): void;
  /** The socket failed to open, send or receive. Nothing stops: counted in `socketErrors`, then this. */
  onError?(error: unknown): void;
}

/** How a node reaches its platform: one socket and one timer. */
export interface Driver {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Sends `data[start..end]`; may throw, which is counted and survived. Must not call back. */
  send(address: string, port: number, data: Uint8Array, start: number, end: number): void;
  /** Calls `SwimNodeBase.wake` once in `ms` milliseconds, in the place of what was asked for before. */
  arm(ms: number): void;
  /** Closes the socket and the timer; nothing is called back any more. */
  close(): void;
}

/** The names of the callbacks, and of all options. */
const CALLBACKS =
  "onReady onMemberUp onMemberDown onRename onActive onIdle onDefunct onRejoin onBroadcast onDatagramSent onDatagramReceived onError random";
const OPTIONS =
  CALLBACKS + " port address advertise identity identityType codec config seeds bump store broadcastHandler";

/**
 * What can be told before the platform has done anything. The core checks the rest: identities, codec and settings.
 * @throws TypeError or RangeError that names the option that is wrong or unknown.
 */
export function checkNodeOptions<T, A>(options: SwimNodeOptions<T, A>): void {
  if (options === null || typeof options !== "object")
    throw new TypeError("SwimNode: expected an object of options");
  refuseUnknown("SwimNode", options, OPTIONS.split(" "));
  const callbacks = CALLBACKS.split(" ");
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
    throw new TypeError("SwimNode: bump must be a whole number below 2^64, or its decimal digits as a text");
  if (store !== undefined && (typeof store?.get !== "function" || typeof store.set !== "function"))
    throw new TypeError("SwimNode: store must have the methods get and set, as the module preference has");
  if (advertise !== undefined) checkHost("SwimNode: advertise", advertise);
  if (options.broadcastHandler !== undefined && options.onBroadcast !== undefined) {
    throw new TypeError("SwimNode: give either broadcastHandler or onBroadcast, not both");
  }
}

function isInteger64(digits: string): boolean {
  return /^[0-9]{1,20}$/.test(digits) && (digits.length < 20 || digits <= "18446744073709551615");
}
