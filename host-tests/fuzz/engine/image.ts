// The state of objects, so that it can be put back before each execution, and compared. What reads and writes the fields is
// compiled, since going over them by name takes thirty times as long.

type Bytes = Uint8Array<ArrayBufferLike>;
type Fields = Record<string, unknown>;

/** The names of fields, wherever they are. */
export type Names = ReadonlySet<string>;

interface Place {
  /** The number of the object that has the field. */
  readonly owner: number;
  readonly name: string;
  readonly path: string;
}

/** All that is reachable from some objects by fields of their own. */
export class Image {
  private readonly objects: object[] = [];
  private readonly paths: string[] = [];
  private readonly places: Place[] = [];
  private readonly values: unknown[] = [];
  private readonly arrays: { readonly bytes: Bytes; readonly copy: Bytes }[] = [];
  private readonly lists: { readonly list: unknown[]; readonly copy: unknown[] }[] = [];
  private readonly write: (objects: object[], values: unknown[]) => void;
  private readonly read: (objects: object[], values: unknown[]) => void;
  private readonly noted: unknown[] = [];
  private readonly now: unknown[] = [];
  private readonly notedBytes = new Map<number, Bytes>();
  private readonly isCompared: boolean[];
  private readonly passedOver: Names;

  /**
   * Takes note of how everything is, to be put back.
   * @param passedOver fields that are not looked at, and `leftOut` those that are not compared
   */
  constructor(roots: readonly object[], passedOver: Names, leftOut: Names = new Set()) {
    this.passedOver = passedOver;
    const met = new Set<object>();
    roots.forEach((root, i) => this.walk(root, "root" + i, met));
    const stores = this.places.map(({ owner, name }, i) => `o[${owner}][${JSON.stringify(name)}]=v[${i}];`);
    const loads = this.places.map(({ owner, name }, i) => `v[${i}]=o[${owner}][${JSON.stringify(name)}];`);
    this.write = new Function("o", "v", stores.join("\n")) as typeof this.write;
    this.read = new Function("o", "v", loads.join("\n")) as typeof this.read;
    this.read(this.objects, this.values);
    this.isCompared = this.places.map(({ path }) => !path.split(".").some((name) => leftOut.has(name)));
  }

  /** Puts everything back. */
  restore(): void {
    this.write(this.objects, this.values);
    for (const { bytes, copy } of this.arrays) bytes.set(copy);
    for (const { list, copy } of this.lists) {
      list.length = copy.length;
      for (let i = 0; i < copy.length; i++) list[i] = copy[i];
    }
  }

  /** Takes note of how everything is now. */
  note(): void {
    const { noted } = this;
    this.read(this.objects, noted);
    for (let i = 0; i < noted.length; i++) {
      if (!this.isCompared[i]) continue;
      const value = noted[i];
      if (ArrayBuffer.isView(value)) this.keep(i, bytesOf(value));
      else if (Array.isArray(value)) noted[i] = value.slice();
    }
  }

  /**
   * Returns the path of what is no more as it was noted; undefined when all is.
   * @param clear blanks in a copy of a view what does not count
   */
  changed(clear: (view: ArrayBufferView, copy: Bytes) => void): string | undefined {
    const { noted, now } = this;
    this.read(this.objects, now);
    for (let i = 0; i < noted.length; i++) {
      if (!this.isCompared[i]) continue;
      if (!this.isSame(i, noted[i], now[i], clear)) return this.places[i].path;
    }
    return undefined;
  }

  /** How many bytes the arrays have that the fields hold now. */
  get numBytes(): number {
    this.read(this.objects, this.now);
    let sum = 0;
    for (const value of this.now) {
      if (ArrayBuffer.isView(value)) sum += value.byteLength;
      else if (Array.isArray(value)) sum += 16 * value.length;
      else if (value instanceof Map || value instanceof Set) sum += 64 * value.size;
    }
    return sum;
  }

  private isSame(
    place: number,
    before: unknown,
    after: unknown,
    clear: (view: ArrayBufferView, copy: Bytes) => void,
  ): boolean {
    if (ArrayBuffer.isView(after)) {
      if (!ArrayBuffer.isView(before)) return false;
      const kept = this.notedBytes.get(place) as Bytes;
      if (before.byteLength !== after.byteLength) return false;
      const old = kept.subarray(0, after.byteLength);
      const bytes = bytesOf(after);
      if (Buffer.compare(old, bytes) === 0) return true;
      const copy = bytes.slice();
      clear(after, copy);
      clear(before, old);
      return Buffer.compare(old, copy) === 0;
    }
    if (Array.isArray(after))
      return (
        Array.isArray(before) && before.length === after.length && after.every((x, i) => x === before[i])
      );
    return Object.is(before, after);
  }

  private keep(place: number, bytes: Bytes): void {
    let kept = this.notedBytes.get(place);
    if (kept === undefined || kept.length < bytes.length) {
      kept = new Uint8Array(bytes.length);
      this.notedBytes.set(place, kept);
    }
    kept.set(bytes);
  }

  private walk(object: object, path: string, met: Set<object>): void {
    if (met.has(object) || Object.isFrozen(object)) return;
    met.add(object);
    if (ArrayBuffer.isView(object)) {
      const bytes = bytesOf(object);
      this.arrays.push({ bytes, copy: bytes.slice() });
      return;
    }
    if (Array.isArray(object)) this.lists.push({ list: object, copy: object.slice() });
    else {
      const owner = this.objects.push(object) - 1;
      this.paths.push(path);
      for (const name of Object.keys(object)) {
        if (this.passedOver.has(name)) continue;
        const field = Object.getOwnPropertyDescriptor(object, name);
        if (field?.writable === true) this.places.push({ owner, name, path: path + "." + name });
      }
    }
    for (const [name, value] of Object.entries(object as Fields))
      if (typeof value === "object" && value !== null && !this.passedOver.has(name))
        this.walk(value, path + "." + name, met);
  }
}

function bytesOf(view: ArrayBufferView): Bytes {
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
