import { SCRATCH } from "../../core/table.js";

/**
 * What a refused datagram may touch: counters, the datagram taken apart or put together, notes that last no longer
 * than a call, and what comes from outside.
 */
export const LEFT_OUT: ReadonlySet<string> = new Set([
  "metrics",
  "inbox",
  "header",
  "subject",
  "recognised",
  "written",
  "misfits",
  "sentFirst",
  "sentLast",
  "runtime",
  "random",
  "handler",
  "type",
  "schema",
  "codec",
  "dialect",
]);

interface Table {
  bytes: Uint8Array;
  ownAt: number;
  ownSize: number;
}

/** What the table's buffer holds, without the scratch before our own identity, and the datagram behind it. */
function held(view: ArrayBufferView, table: Table): number[] {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  const from = table.ownAt - view.byteOffset;
  bytes.fill(0, Math.max(0, from - SCRATCH), Math.max(0, from));
  bytes.fill(0, Math.max(0, from + table.ownSize));
  return Array.from(bytes);
}

/**
 * A deep copy of all fields of an object, private ones too, so that two moments can be compared: rows, order, links,
 * deadlines, queues, probe, self, connection. An object met again becomes the path where it was met first.
 */
export function snapshot(root: object): unknown {
  const table = (root as { protocol?: { knowledge: { members: Table } } }).protocol?.knowledge.members;
  const paths = new Map<object, string>();
  const copy = (value: unknown, path: string): unknown => {
    if (typeof value === "function") return "function";
    if (typeof value !== "object" || value === null) return value;
    const met = paths.get(value);
    if (met !== undefined) return "= " + met;
    paths.set(value, path);
    if (ArrayBuffer.isView(value) && value.buffer === table?.bytes.buffer) return held(value, table);
    if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
    if (Array.isArray(value)) return value.map((item, i) => copy(item, path + "[" + i + "]"));
    const fields: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(value)) {
      if (!LEFT_OUT.has(name)) fields[name] = copy(field, path + "." + name);
    }
    return fields;
  };
  return copy(root, "");
}
