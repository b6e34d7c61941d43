import { type Endpoint, type IdentityRef, type IdentityType } from "../../core/index.js";

/** Members whose endpoints are remembered, a power of two: whom we probe and three helpers. 88 bytes each on XS. */
const SIZE = 4;

/**
 * The endpoints of the members we send to most, so that no address is put into text for every datagram. One place
 * for each hash; who comes later takes it.
 */
export class Endpoints<T> {
  private readonly type: IdentityType<T>;
  /** By place, as far as they are known. */
  private readonly endpoints: (Endpoint | undefined)[] = [];
  /** The identity of each place, in `keyLength` bytes: as many as the longest takes that was met. */
  private keys: Uint8Array | undefined = undefined;
  private keyLength = 0;

  constructor(type: IdentityType<T>) {
    this.type = type;
  }

  /** Where to send for this identity; undefined when its type does not say. Throws what the type's rule throws. */
  find(ref: IdentityRef<T>): Endpoint | undefined {
    let hash = 0;
    for (let i = 0; i < ref.length; i++) hash = (hash * 31 + ref.bytes[ref.at + i]) & 0xffff;
    const place = hash & (SIZE - 1);
    const known = this.endpoints[place];
    // No identity is the prefix of another, so it need not be known where the one of this place ends.
    if (known !== undefined && ref.equals(this.keys as Uint8Array, place * this.keyLength, ref.length))
      return known;
    const endpoint = this.build(ref);
    if (endpoint !== undefined) this.keep(place, ref, endpoint);
    return endpoint;
  }

  private build(ref: IdentityRef<T>): Endpoint | undefined {
    const type = this.type;
    const endpoint = type.endpointAt?.(ref.form.dialect, ref.bytes, ref.at);
    return endpoint ?? type.endpoint(ref.value);
  }

  private keep(place: number, ref: IdentityRef<T>, endpoint: Endpoint): void {
    if (this.keys === undefined || ref.length > this.keyLength) {
      this.keyLength = ref.length;
      this.keys = new Uint8Array(SIZE * ref.length);
      this.endpoints.length = 0;
    }
    const key = place * this.keyLength;
    for (let i = 0; i < ref.length; i++) this.keys[key + i] = ref.bytes[ref.at + i];
    this.endpoints[place] = endpoint;
  }
}
