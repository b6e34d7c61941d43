import { INVALID, lax, past, type Dialect } from "./dialect.js";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6, splitHostPort } from "./ip.js";
import { copyBytes, type Schema } from "./schema.js";

/** Where a platform sends the datagrams for an identity. */
export interface Endpoint {
  /** An IP address as text, without brackets; no host name. */
  readonly address: string;
  /** The UDP port. */
  readonly port: number;
}

/** An IP address and a port, as text: `192.168.1.10:7946`, `[fe80::1]:7946`. */
export class SocketAddr implements Schema<string> {
  readonly v4: boolean;
  readonly v6: boolean;
  /** Where the port stands in a canonical value whose first byte is 0, and in any other. */
  readonly portAfterV4: number;
  readonly portAfterV6: number;
  constructor(v4: boolean, v6: boolean) {
    this.v4 = v4;
    this.v6 = v6;
    this.portAfterV4 = v6 ? (v4 ? 5 : 16) : 4;
    this.portAfterV6 = v4 ? (v6 ? 17 : 4) : 16;
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    let wasLax = false;
    const v4 = this.v4;
    let octets = v4 ? 4 : 16;
    if (v4 && this.v6) {
      const tag = bytes[at];
      if (tag <= 1) {
        octets = tag === 0 ? 4 : 16;
        at++;
      } else {
        const next = dialect.skipUint(bytes, at, end, 32);
        if (next === INVALID || dialect.readUint(bytes, at) > 1) return INVALID;
        wasLax = true;
        octets = dialect.readUint(bytes, at) === 0 ? 4 : 16;
        at = past(next);
      }
    }
    const next = dialect.skipUint(bytes, at + octets, end, 16);
    // What is invalid stays so.
    return wasLax ? lax(past(next)) : next;
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    let octets = this.v4 ? 4 : 16;
    if (this.v4 && this.v6) {
      const index = dialect.readUint(bytes, at);
      at = past(dialect.skipUint(bytes, at, bytes.length, 32));
      outAt = dialect.writeUint(index, out, outAt);
      octets = index === 0 ? 4 : 16;
    }
    outAt = copyBytes(bytes, at, octets, out, outAt);
    return dialect.writeUint(dialect.readUint(bytes, at + octets), out, outAt);
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): string {
    const { address, port } = this.endpoint(dialect, bytes, at);
    return (address.indexOf(":") < 0 ? address : "[" + address + "]") + ":" + port;
  }
  /** The value at `at`, taken apart. Allocates. */
  endpoint(dialect: Dialect, bytes: Uint8Array, at: number): Endpoint {
    let isV4 = this.v4;
    if (this.v4 && this.v6) {
      isV4 = dialect.readUint(bytes, at) === 0;
      at = past(dialect.skipUint(bytes, at, bytes.length, 32));
    }
    const address = isV4 ? formatIpv4(bytes, at) : formatIpv6(bytes, at);
    return { address, port: dialect.readUint(bytes, at + (isV4 ? 4 : 16)) };
  }
  write(dialect: Dialect, value: string, out: Uint8Array, at: number): number {
    const parts = typeof value === "string" ? splitHostPort(value) : undefined;
    const octets = this.v4 && this.v6 ? at + 1 : at;
    const isBracketed = parts !== undefined && value.charAt(0) === "[";
    const isV4 = parts !== undefined && !isBracketed && this.v4 && parseIpv4(parts.host, out, octets);
    const isV6 = isBracketed && this.v6 && parseIpv6(parts.host, out, octets);
    if (parts === undefined || (!isV4 && !isV6)) {
      const example = this.v4 ? "192.168.1.10:7946" : "[::1]:7946";
      throw new TypeError("expected an IP address and a port such as " + example + ", got " + String(value));
    }
    if (this.v4 && this.v6) out[at] = isV4 ? 0 : 1;
    return dialect.writeUint(parts.port, out, octets + (isV4 ? 4 : 16));
  }
  maxLength(dialect: Dialect): number {
    const tag = this.v4 && this.v6 ? dialect.maxUintLength(32) : 0;
    return tag + (this.v6 ? 16 : 4) + dialect.maxUintLength(16);
  }
}

/** A schema for an IPv4 address and port as text, such as `192.168.1.10:7946`: Rust's `SocketAddrV4`. */
export const socketAddrV4: Schema<string> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ new SocketAddr(true, false),
);
/** A schema for an IPv6 address (without scope) and port as text, such as `[::1]:7946`: Rust's `SocketAddrV6`. */
export const socketAddrV6: Schema<string> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ new SocketAddr(false, true),
);
/** A schema for an IPv4 or IPv6 address and port, behind an index that says which: Rust's `SocketAddr`. */
export const socketAddr: Schema<string> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ new SocketAddr(true, true),
);
