// Mends of the core, taken out again: by these the explorer is held to find what it is for.
import { renewableV4, Swim, type IdentityType, type Renewable } from "../../core/index.js";
import { Connection } from "../../core/connection.js";
import { Deadline } from "../../core/deadlines.js";
import { Farewells } from "../../core/farewells.js";
import { DEAD, REFUTE } from "../../core/knowledge.js";
import { die } from "../../core/lives.js";
import { Order } from "../../core/order.js";
import { Outbox } from "../../core/outbox.js";
import { Protocol } from "../../core/protocol.js";

/** What a defect changes for as long as it is there; returns how identities renew, where that is another way. */
type Plant = () => IdentityType<Renewable> | undefined;

/** A bit of `Outbox.heldBack` that means nothing to it. */
const MARK = 256;
const EPOCH = -0x80000000;
const WORDS = 8;
const POSITION = 6;

/** Takes the place of a method until all is set back. */
const undo: (() => void)[] = [];
function replace<O extends object, K extends keyof O>(owner: O, key: K, method: O[K]): void {
  const before = owner[key];
  owner[key] = method;
  undo.push(() => (owner[key] = before));
}

const DEFECTS = {
  /** A suspect that refutes is among the unprobed again, though it had its turn: a round need not end. */
  round: () => {
    replace(Order.prototype, "unsuspect", function (this: Order, slot: number) {
      const wasProbed = this["wasProbed"](slot);
      this.numSuspect--;
      this["removeFromHeap"](this["words"][slot * WORDS + POSITION], this.numSuspect, false);
      this["deadlines"][slot * (WORDS / 2)] = EPOCH;
      if (!wasProbed) this["unprobedSuspects"]--;
    });
    return undefined;
  },
  /** Who is told that it is Down renews by one, however far the holder of its address is ahead, and at once. */
  storm: () => {
    replace(Connection.prototype, "noteDeath", () => 0);
    replace(Connection.prototype, "noteRejoin", () => 1);
    const type = Object.create(renewableV4) as IdentityType<Renewable>;
    type.renew = (identity) => renewableV4.renew(identity);
    return type;
  },
  /** Who takes back that it left still tells its death. */
  reuse: () => {
    replace(Farewells.prototype, "remove", () => undefined);
    return undefined;
  },
  /** Lowered settings drop a helper of the probe that runs. */
  helpers: () => {
    const setConfig = Swim.prototype.setConfig;
    replace(Swim.prototype, "setConfig", function (this: Swim<unknown>, config) {
      setConfig.call(this, config);
      const { probe } = this["protocol"].knowledge;
      probe.numHelpers = Math.min(probe.numHelpers, config.numIndirectProbes);
    });
    return undefined;
  },
  /** A Feed that could not be sent leaves a mark, and every later one is empty. */
  feed: () => {
    const sendFeed = Outbox.prototype.sendFeed;
    replace(Outbox.prototype, "sendFeed", function (this: Outbox<unknown>, to, walk, isBySlot) {
      if ((this.heldBack & MARK) !== 0) walk.left = 0;
      try {
        sendFeed.call(this, to, walk, isBySlot);
      } catch (error) {
        this.heldBack |= MARK;
        throw error;
      }
    });
    return undefined;
  },
  /** Who left refutes suspicions: when its farewell was lost, others hold it active for as long as its program runs. */
  leaver: () => {
    replace(Protocol.prototype, "act", function (this: Protocol<unknown>, found: number) {
      if (found === DEAD) die(this.connection, this.spreader);
      else if (found === REFUTE) this.spreader.gossip();
    });
    return undefined;
  },
  /** Who took another identity probes nobody until it is spoken to: when all others are gone, it lists them for ever. */
  alone: () => {
    const reset = Connection.prototype.reset;
    replace(Connection.prototype, "reset", function (this: Connection<unknown>, nowMs: number) {
      reset.call(this, nowMs);
      this.deadlines.set(Deadline.Probe, Infinity);
    });
    return undefined;
  },
} satisfies Record<string, Plant>;

export type DefectName = keyof typeof DEFECTS;
export const DEFECT_NAMES = Object.keys(DEFECTS) as DefectName[];

/** Calls `explore` with a defect in the core, or none, and takes it out again. */
export function withDefect<R>(
  name: DefectName | undefined,
  explore: (type: IdentityType<Renewable> | undefined) => R,
): R {
  try {
    return explore(name === undefined ? undefined : DEFECTS[name]());
  } finally {
    for (const back of undo.splice(0)) back();
  }
}
