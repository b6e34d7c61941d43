import type { Member } from "../../core/index.js";
import type { NodeMember } from "../shared/node-types.js";

/** A node as its host shows it. */
export interface RunningNode {
  /** The current identity of the node. */
  readonly identity: unknown;
  /** What keeps the node from taking part, as a part of a sentence; an empty text for nothing. */
  readonly absence: string;
  /** Its core. */
  readonly swim: {
    /** Returns a copy of all members, Down ones too. */
    membershipState(): Member<unknown>[];
  };
  /** Returns a copy of the active members, and of those that take a nap, without this node. */
  members(): NodeMember<unknown, unknown>[];
}
