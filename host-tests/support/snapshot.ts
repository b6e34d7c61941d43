/**
 * What a refused datagram may touch: counters, the datagram taken apart or put together, notes that last no longer
 * than a call, and what comes from outside.
 */
const LEFT_OUT = new Set([
  "metrics",
  "inbox",
  "header",
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

/**
 * A deep copy of all fields of an object, private ones too, so that two moments can be compared: rows, order, links,
 * deadlines, queues, probe, self, connection. An object met again becomes the path where it was met first.
 */
export function snapshot(root: object): unknown {
  const paths = new Map<object, string>();
  const copy = (value: unknown, path: string): unknown => {
    if (typeof value === "function") return "function";
    if (typeof value !== "object" || value === null) return value;
    const met = paths.get(value);
    if (met !== undefined) return "= " + met;
    paths.set(value, path);
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
