// Addresses and ports as identities have them: on the wire, as text, and in a form that is longer than it need be.
import { describe, expect, test } from "vitest";
import { bincodeDialect } from "../../core/bincode.js";
import { INVALID, lax, type Dialect } from "../../core/dialect.js";
import { postcardDialect } from "../../core/postcard.js";
import { socketAddr, socketAddrV4, socketAddrV6 } from "../../core/socket-addr.js";
import { hex, unhex } from "../support/assert.js";

const V4 = "0a000001";
const V6 = "00000000000000000000000000000001";

test.each([
  [bincodeDialect, "00" + V4 + "50", "10.0.0.1:80"],
  [bincodeDialect, "01" + V6 + "50", "[::1]:80"],
  [postcardDialect, "00" + V4 + "50", "10.0.0.1:80"],
  [postcardDialect, "01" + V6 + "50", "[::1]:80"],
])("%#-reads-and-writes-%s", (dialect, bytes, text) => {
  const octets = unhex(bytes);
  const out = new Uint8Array(octets.length);
  expect(socketAddr.write(dialect, text, out, 0)).toBe(octets.length);
  expect(hex(out)).toBe(bytes);
  expect(socketAddr.read(dialect, octets, 0)).toBe(text);
  expect(socketAddr.skip(dialect, octets, 0, octets.length)).toBe(octets.length);
  for (let end = 0; end < octets.length; end++) {
    // What lies behind the end is not looked at.
    const cut = unhex(bytes.slice(0, 2 * end));
    expect(socketAddr.skip(dialect, cut, 0, end)).toBe(INVALID);
  }
});

/** The index 0 or 1 in more bytes than it needs. */
const LONG: [Dialect, string, string][] = [
  [bincodeDialect, "fb0000", "fb0100"],
  [bincodeDialect, "fc00000000", "fc01000000"],
  [postcardDialect, "8000", "8100"],
];

describe.each(LONG)("%#: an index in a longer form", (dialect, zero, one) => {
  test.each([
    [zero + V4 + "50", "00" + V4 + "50", "10.0.0.1:80"],
    [one + V6 + "50", "01" + V6 + "50", "[::1]:80"],
  ])("is-taken-and-shortened: %s", (bytes, canonical, text) => {
    const octets = unhex(bytes);
    const { length } = octets;
    expect(socketAddr.skip(dialect, octets, 0, length)).toBe(lax(length));
    expect(socketAddr.skip(dialect, octets, 0, length - 1)).toBe(INVALID);
    expect(socketAddr.read(dialect, octets, 0)).toBe(text);
    const out = new Uint8Array(canonical.length / 2 + 1).fill(0xa5);
    expect(socketAddr.copy(dialect, octets, 0, out, 0)).toBe(canonical.length / 2);
    expect(hex(out)).toBe(canonical + "a5");
  });
});

test.each([
  [bincodeDialect, "02"],
  [bincodeDialect, "fb0200"],
  [bincodeDialect, "fb00"],
  [postcardDialect, "02"],
  [postcardDialect, "8200"],
  [postcardDialect, "8080808080"],
])("%#-there-is-no-third-kind: %s", (dialect, bytes) => {
  expect(socketAddr.skip(dialect, unhex(bytes), 0, bytes.length / 2)).toBe(INVALID);
  const octets = unhex(bytes + V6 + V6);
  if (bytes !== "fb00") expect(socketAddr.skip(dialect, octets, 0, octets.length)).toBe(INVALID);
});

test("a-port-in-a-longer-form-is-taken-and-shortened", () => {
  const octets = unhex("01" + V6 + "fb5000");
  expect(socketAddr.skip(bincodeDialect, octets, 0, octets.length)).toBe(lax(octets.length));
  const out = new Uint8Array(18);
  expect(socketAddr.copy(bincodeDialect, octets, 0, out, 0)).toBe(18);
  expect(hex(out)).toBe("01" + V6 + "50");
});

test.each([
  [socketAddr, "10.0.0.1", "192.168.1.10:7946"],
  [socketAddrV4, "[::1]:80", "192.168.1.10:7946"],
  [socketAddrV4, "[10.0.0.1]:80", "192.168.1.10:7946"],
  [socketAddrV6, "10.0.0.1:80", "[::1]:7946"],
  [socketAddrV6, "[::1]", "[::1]:7946"],
  [socketAddr, 7946, "192.168.1.10:7946"],
  [socketAddr, undefined, "192.168.1.10:7946"],
  [socketAddr, null, "192.168.1.10:7946"],
])("%#-says-what-is-expected-instead-of-%s", (schema, value, example) => {
  const write = (): unknown => schema.write(bincodeDialect, value as string, new Uint8Array(32), 0);
  expect(write).toThrow(
    new TypeError("expected an IP address and a port such as " + example + ", got " + String(value)),
  );
});

test.each([
  [socketAddr, 5 + 16 + 3],
  [socketAddrV4, 4 + 3],
  [socketAddrV6, 16 + 3],
])("%#-needs-%i-bytes-at-most", (schema, length) => {
  expect(schema.maxLength(bincodeDialect)).toBe(length);
});
