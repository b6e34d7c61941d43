import { type Endpoint, type IdentityRef, type IdentityType } from "../../core/index.js";

/** Members whose endpoints are remembered, a power of two: whom we probe and three helpers. 208 bytes each on XS. */
const SIZE = 4;

/**
 * The endpoints of the members we send to most, so that no address is put into text for every datagram. One place
 * for each hash; who comes later takes it.
 */
export class Endpoints<T> {
  private readonly type: IdentityType<T>;
  private readonly keys: (Uint8Array | undefined)[] = [];
  private readonly endpoints: (Endpoint | undefined)[] = [];

  constructor(type: IdentityType<T>) {
    this.type = type;
    for (let i = 0; i < SIZE; i++) {
      this.keys.push(undefined);
      this.endpoints.push(undefined);
    }
  }

  /** Where to send for this identity; undefined when its type does not say. Throws what the type's rule throws. */
  find(ref: IdentityRef<T>): Endpoint | undefined {
    let hash = 0;
    for (let i = 0; i < ref.length; i++) hash = (hash * 31 + ref.bytes[ref.at + i]) & 0xffff;
    const place = hash & (SIZE - 1);
    const key = this.keys[place];
    if (key !== undefined && ref.equals(key, 0, key.length)) return this.endpoints[place];
    const endpoint = this.type.endpoint(ref.value);
    this.keys[place] = ref.bytes.slice(ref.at, ref.at + ref.length);
    this.endpoints[place] = endpoint;
    return endpoint;
  }
}
