/** A key of a cluster: 128 bits that nobody else knows, and the number that datagrams name it by. */
export interface ClusterKey {
  /** 0 to 15, another one for each key that is in use at the same time. */
  id: number;
  /** 16 random bytes, or the 32 hex digits that `xswim keygen` prints. It is not kept as it is. */
  secret: Uint8Array | string;
}

/** How many keys a node can have at once. */
export const MAX_KEYS = 4;
/** Bytes of a key. */
export const KEY_SIZE = 16;
const HINT = " must be 16 bytes, or 32 hex digits as `xswim keygen` prints them; a passphrase is no key";

/** Returns the bytes of a key; undefined when it is none. */
function secretBytes(secret: unknown): Uint8Array | undefined {
  if (secret instanceof Uint8Array) return secret.length === KEY_SIZE ? new Uint8Array(secret) : undefined;
  if (typeof secret !== "string" || !/^[0-9a-fA-F]{32}$/.test(secret)) return undefined;
  const bytes = new Uint8Array(KEY_SIZE);
  for (let i = 0; i < KEY_SIZE; i++) bytes[i] = parseInt(secret.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/**
 * Checks keys that a program gave. No message contains a secret.
 * @returns copies of the secrets, in the order of the keys
 * @throws TypeError or RangeError that says which key is wrong and why
 */
export function checkKeys(keys: readonly ClusterKey[]): Uint8Array[] {
  if (!Array.isArray(keys)) throw new TypeError("keys must be an array of { id, secret }");
  if (keys.length < 1 || keys.length > MAX_KEYS)
    throw new RangeError("keys must be one to " + MAX_KEYS + ", got " + keys.length);
  const secrets: Uint8Array[] = [];
  const list: readonly (ClusterKey | null | undefined)[] = keys;
  for (let i = 0; i < list.length; i++) {
    const key = list[i];
    const where = "keys[" + i + "]";
    if (key === null || typeof key !== "object") throw new TypeError(where + " must be { id, secret }");
    const { id } = key;
    if (!(Number.isInteger(id) && id >= 0 && id <= 15))
      throw new RangeError(where + ".id must be a whole number from 0 to 15, got " + String(id));
    for (let j = 0; j < i; j++)
      if (keys[j].id === id)
        throw new RangeError(where + ".id is that of keys[" + j + "]; give each key another one");
    const bytes = secretBytes(key.secret);
    if (bytes === undefined) throw new TypeError(where + ".secret" + HINT);
    secrets.push(bytes);
  }
  return secrets;
}

/**
 * Returns the place of the key that seals: the one with this id, and the first one when there is none given.
 * @throws RangeError when no key has the id
 */
export function placeOfSender(keys: readonly ClusterKey[], sendWith: number | undefined): number {
  if (sendWith === undefined) return 0;
  for (let i = 0; i < keys.length; i++) if (keys[i].id === sendWith) return i;
  throw new RangeError("sendWith must be the id of one of the keys, got " + String(sendWith));
}
