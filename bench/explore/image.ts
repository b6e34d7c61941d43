import type { Config, Renewable, Swim } from "../../core/index.js";

/** What stays as it was made, is made anew in each call, or is kept apart below: no state of a node's own. */
const NO_STATE = new Set(
  "runtime handler keeper random codec type dialect config metrics header member subject update form bytes words ints datagram passing".split(
    " ",
  ),
);

/** All that one core holds between two calls. */
export interface Image {
  readonly values: readonly unknown[];
  readonly arrays: readonly (readonly unknown[])[];
  readonly table: Uint8Array;
  readonly deadlines: Float64Array;
  readonly config: Config;
}

interface Farewell {
  remaining: number;
}

/**
 * Saves and restores the state of one core: every number, truth and list that hangs on it, whatever its name, and its two
 * buffers. The table must never grow or widen, so it is made wide enough at the start.
 */
export class Imager {
  private readonly swim: Swim<Renewable>;
  private readonly owners: Record<string, unknown>[] = [];
  private readonly keys: string[] = [];
  /** The lists that hang on it: who has them, and under which name. */
  private readonly listOwners: Record<string, unknown>[] = [];
  private readonly listKeys: string[] = [];
  private readonly tableBytes: number;

  constructor(swim: Swim<Renewable>) {
    this.swim = swim;
    const protocol = swim["protocol"];
    this.visit(protocol as unknown as Record<string, unknown>, new Set());
    this.tableBytes = protocol.knowledge.members.datagram.byteOffset;
  }

  /** The names of all that is saved. */
  get names(): string[] {
    return this.owners.map((owner, i) => owner.constructor.name + "." + this.keys[i]);
  }

  private visit(owner: Record<string, unknown>, seen: Set<unknown>): void {
    if (seen.has(owner)) return;
    seen.add(owner);
    for (const key of Object.keys(owner)) {
      const value = owner[key];
      const isList = Array.isArray(value) || key === "entries";
      if (isList) {
        this.listOwners.push(owner);
        this.listKeys.push(key);
      } else if (NO_STATE.has(key) || ArrayBuffer.isView(value)) continue;
      else if (typeof value === "object" && value !== null)
        this.visit(value as Record<string, unknown>, seen);
      else if (typeof value !== "function") {
        this.owners.push(owner);
        this.keys.push(key);
      }
    }
  }

  save(): Image {
    const { knowledge, connection } = this.swim["protocol"];
    if (knowledge.passing !== undefined) throw new Error("explore: the table is too small for all");
    if (knowledge.members.datagram.byteOffset !== this.tableBytes)
      throw new Error("explore: the table has grown");
    return {
      values: this.owners.map((owner, i) => owner[this.keys[i]]),
      arrays: this.listOwners.map((owner, i) => copied(owner[this.listKeys[i]] as unknown[] | undefined)),
      table: knowledge.members.bytes.slice(0, this.tableBytes),
      deadlines: connection.deadlines["at"].slice(),
      config: knowledge.env.config,
    };
  }

  restore(image: Image): void {
    const { knowledge, connection } = this.swim["protocol"];
    const { owners, keys, listOwners, listKeys } = this;
    for (let i = 0; i < owners.length; i++) owners[i][keys[i]] = image.values[i];
    for (let i = 0; i < listOwners.length; i++) {
      const list = copied(image.arrays[i]);
      const own = listOwners[i][listKeys[i]] as unknown[] | undefined;
      if (own === undefined) listOwners[i][listKeys[i]] = list;
      else own.splice(0, own.length, ...list);
    }
    knowledge.members.bytes.set(image.table);
    connection.deadlines["at"].set(image.deadlines);
    knowledge.env.config = image.config;
    this.swim["isBusy"] = false;
  }
}

/** Entries of lists are numbers, or farewells, of which only a number changes. */
function copied(list: readonly unknown[] | undefined): unknown[] {
  if (list === undefined) return [];
  return list.map((entry) => (typeof entry === "object" ? { ...(entry as Farewell) } : entry));
}
