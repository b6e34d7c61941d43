/** How many views are kept, a power of two. A node in steady state sends datagrams of two or three lengths. */
const SIZE = 4;

/**
 * Views of datagrams in the send buffer. The socket sends a whole view, and a new view for each datagram would cost 4
 * heap slots. There is one place for each length modulo `SIZE`, and a later view replaces an earlier one.
 */
export class SendViews {
  private readonly views: (Uint8Array | undefined)[] = [];
  private buffer: ArrayBufferLike | undefined = undefined;

  /** Returns a view of exactly `data[start..end]`. */
  find(data: Uint8Array, start: number, end: number): Uint8Array {
    // The core moved to a larger buffer: the views would keep the old one.
    if (data.buffer !== this.buffer) this.views.length = 0;
    this.buffer = data.buffer;
    const length = end - start;
    const byteOffset = data.byteOffset + start;
    const place = length & (SIZE - 1);
    const known = this.views[place];
    if (known !== undefined && known.length === length && known.byteOffset === byteOffset) return known;
    const view = new Uint8Array(data.buffer, byteOffset, length);
    this.views[place] = view;
    return view;
  }
}
