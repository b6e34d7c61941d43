import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { Integer64, Renewable } from "xswim";
import type { Store, SwimNode } from "xswim/node";
import { replaceAtOnce, ReplacedFile } from "./replaced-file.js";
import { isInteger64, readState, STATE_VERSION, type SavedState } from "./saved-state.js";

/** The least time between two writes, but for the one at the end. */
const PAUSE_MS = 5000;
/** Only the user of the agent may read what members published. */
const MODE = 0o600;
/** More than an agent ever writes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The node of an agent. */
export type AgentNode = SwimNode<Renewable, string, "text">;

/** How many members and values a node was given. */
export interface Restored {
  members: number;
  values: number;
}

/**
 * What an agent knows, kept in a file over a restart: its bump, the members, the values, and some members to call. The file is
 * written at most once in five seconds, and when the agent leaves; the bump also before the agent's first datagram. A file
 * that cannot be read, or is not whole, does not keep the agent from starting.
 */
export class StateFile {
  readonly path: string;
  /** For the node: keeps its bump, and the addresses of some members. */
  readonly store: Store;
  /** What of the file was not used, a part of a sentence each; empty when all was. */
  readonly ignored: readonly string[];
  private readonly file: ReplacedFile;
  private readonly saved: SavedState;
  private readonly onFailure: (error: Error) => void;
  private node: AgentNode | undefined;
  private pause: NodeJS.Timeout | undefined;
  private isStopped = false;

  /** Reads the file, when there is one. @param onFailure is told each time that it cannot be written */
  constructor(path: string, onFailure: (error: Error) => void) {
    this.path = path;
    this.onFailure = onFailure;
    this.file = new ReplacedFile(path, onFailure, MODE);
    const ignored: string[] = [];
    this.saved = readState(textOf(path, ignored), Date.now(), ignored);
    this.ignored = ignored;
    const kept = this.saved.store;
    // A seal counts the starts in its store. An older copy of this file would make it use nonces twice, so what it finds there
    // is random at each start, and not written.
    kept.set("seal", randomBytes(6).toString("hex") + " " + (randomBytes(3).readUIntBE(0, 3) >> 1));
    this.store = {
      get: (_domain, key) => kept.get(key),
      set: (_domain, key, value) => this.keep(key, value),
    };
  }

  /** The largest bump that the agent had; undefined at its first start. */
  get lastBump(): Integer64 | undefined {
    return this.saved.bump;
  }

  /** Whether the agent's own value was published by somebody, and is no greeting. */
  get isPublished(): boolean {
    return this.saved.isPublished;
  }

  /** Notes that the agent's own value was published by somebody. */
  setPublished(): void {
    this.saved.isPublished = true;
    this.changed();
  }

  /**
   * Returns the bump to begin with: the clock's seconds, and larger than all before even when the clock was set back.
   * @param told the bump that the user wants instead
   * @throws Error when the agent had that, or a larger one
   */
  nextBump(nowMs: number, told?: Integer64): Integer64 {
    const seconds = Math.floor(nowMs / 1000);
    const { bump } = this.saved;
    if (told !== undefined && bump !== undefined && BigInt(told) <= BigInt(bump))
      throw new Error(
        "--bump " + told + ": it must grow, and " + this.path + " has " + bump + " already; leave it out",
      );
    if (told !== undefined) return told;
    return bump === undefined || BigInt(bump) < BigInt(seconds) ? seconds : plain(BigInt(bump) + 1n);
  }

  /** Gives a new node the members and values of the file, and follows the node from now on. */
  begin(node: AgentNode): Restored {
    const { saved } = this;
    const { addr } = node.identity;
    const others = saved.members.filter(({ identity }) => identity.addr !== addr);
    const restored = { members: 0, values: 0 };
    node.swim.applyMany(others, false);
    restored.members = node.swim.numMembers;
    restored.values = node.applyValues(saved.values);
    this.node = node;
    saved.members = [];
    saved.values = [];
    this.changed();
    return restored;
  }

  /** What the node knows has changed: it is written within five seconds. */
  changed(): void {
    if (this.pause !== undefined || this.isStopped || this.node === undefined) return;
    this.pause = setTimeout(() => {
      this.pause = undefined;
      // A failure is told, and tried again.
      this.file.replaceText(() => this.text()).catch(() => undefined);
    }, PAUSE_MS).unref();
  }

  /** Writes what the node knows for the last time. Call it when the node is closed. Resolves when that was tried. */
  async stop(): Promise<void> {
    if (this.isStopped) return;
    this.isStopped = true;
    clearTimeout(this.pause);
    this.file.stop();
    await this.file.settled();
    if (this.node !== undefined) this.writeAtOnce();
  }

  /** Keeps what the node stores. Its first bump is on the disk before a datagram leaves. */
  private keep(key: string, value: string): void {
    this.saved.store.set(key, value);
    if (this.node === undefined && key.startsWith("bump")) this.writeAtOnce();
    else this.changed();
  }

  private writeAtOnce(): void {
    try {
      replaceAtOnce(this.path, this.text(), MODE);
    } catch (error) {
      this.onFailure(error as Error);
    }
  }

  private text(): string {
    const { node, saved } = this;
    const store = [...saved.store].filter(([key]) => !key.startsWith("seal"));
    const stored = store.filter(([key, bump]) => key.startsWith("bump") && isInteger64(bump));
    const bumps: Integer64[] = stored.map(([, bump]) => bump);
    bumps.push(saved.bump ?? 0, node?.identity.bump ?? 0);
    saved.bump = plain(bumps.map(BigInt).reduce((largest, bump) => (bump > largest ? bump : largest)));
    const nowMs = Date.now();
    const state = {
      version: STATE_VERSION,
      savedAt: new Date(nowMs).toISOString(),
      bump: saved.bump,
      isPublished: saved.isPublished,
      store: Object.fromEntries(store),
      members: node === undefined ? saved.members : node.swim.membershipState(),
      values: (node === undefined ? saved.values : node.valueState()).map((value) => ({
        identity: value.identity,
        version: value.version,
        base64: Buffer.from(value.bytes).toString("base64"),
        publishedAt: new Date(nowMs - value.ageMs).toISOString(),
      })),
    };
    return JSON.stringify(state) + "\n";
  }
}

/** A number while it is an exact one, as identities have it. */
function plain(bump: bigint): Integer64 {
  return bump <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bump) : bump.toString();
}

/** The text of a file; undefined when there is none, or it cannot be read, which `ignored` then says. */
function textOf(path: string, ignored: string[]): string | undefined {
  try {
    if (statSync(path).size <= MAX_BYTES) return readFileSync(path, "utf8");
    ignored.push("it is longer than " + MAX_BYTES / 1024 / 1024 + " MB, so nothing of it is used");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") ignored.push("it cannot be read: " + message);
  }
  return undefined;
}
