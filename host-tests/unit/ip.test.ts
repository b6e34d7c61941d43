// IP addresses as text: what is one, and how it is written.
import { describe, expect, test } from "vitest";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6, splitHostPort } from "../../core/ip.js";
import { hex } from "../support/assert.js";

describe("IPv4", () => {
  test.each([
    ["0.0.0.0", "00000000"],
    ["10.20.30.40", "0a141e28"],
    ["255.255.255.255", "ffffffff"],
  ])("reads-and-writes-%s", (text, bytes) => {
    const out = new Uint8Array(6).fill(0xa5);
    expect(parseIpv4(text, out, 1)).toBe(true);
    expect(hex(out)).toBe("a5" + bytes + "a5");
    expect(formatIpv4(out, 1)).toBe(text);
  });

  test.each([
    "",
    "1.2.3",
    "1.2.3.",
    ".1.2.3",
    "1..2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.00",
    "1.2.3.4a",
    "1.2.3./",
    "1.2.3.:",
    "1.2.3.-1",
    "1.2.3.0x4",
    " 1.2.3.4",
    "1.2.3.4 ",
    "1.2.3.99999999999999999999",
  ])("refuses-%s", (text) => expect(parseIpv4(text, new Uint8Array(4), 0)).toBe(false));
});

describe("IPv6", () => {
  test.each([
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["fe80::dead:beef", "fe8000000000000000000000deadbeef"],
    ["1:2:3:4:5:6:7:0", "00010002000300040005000600070000"],
    ["1:0:2:3:4:5:6:7", "00010000000200030004000500060007"],
    ["1::2:3:4:5:0", "00010000000000020003000400050000"],
    ["1:2:3:4:5:6::", "00010002000300040005000600000000"],
    ["::3:4:5:6:7:8", "00000000000300040005000600070008"],
    ["0:1::2:0:0", "00000001000000000000000200000000"],
    ["::ffff:1.2.3.4", "00000000000000000000ffff01020304"],
    ["::ff00:102:304", "00000000000000000000ff0001020304"],
    ["::ff:102:304", "0000000000000000000000ff01020304"],
    ["::1:0:ffff:102:304", "00000000000000010000ffff01020304"],
  ])("reads-and-writes-%s", (text, bytes) => {
    // Zeros behind it are not its own.
    const out = new Uint8Array(32).fill(0xa5, 0, 1);
    expect(parseIpv6(text, out, 1)).toBe(true);
    expect(hex(out)).toBe("a5" + bytes + "00".repeat(15));
    expect(formatIpv6(out, 1)).toBe(text);
  });

  test.each([
    ["0:0:0:0:0:0:0:1", "::1"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
    ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
    ["ABCD::EF", "abcd::ef"],
  ])("reads-%s-and-writes-%s", (text, canonical) => {
    // `::` may stand for a single group.
    const out = new Uint8Array(16);
    expect(parseIpv6(text, out, 0)).toBe(true);
    expect(formatIpv6(out, 0)).toBe(canonical);
  });

  test.each([
    "",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7:8::1::2",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4::5:6:7:8",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    "1:2:3:4:5::1.2.3.4.5",
    "1:2:3:4:5:6:7:8:9:a:b:c:d:e:f:1::",
    "1.2.3.4::",
    "1.2.3.4:1::",
    "1.2.3.4:1:2:3:4:5:6",
    "::1.2.3.4:1",
    "::1.2.3.256",
    "::.1.2.3",
    "::1.2.3",
    "12345::",
    "g::",
    "1: 2::",
    "::1%eth0",
    ":1:2:3:4:5:6:7",
  ])("refuses-%s", (text) => expect(parseIpv6(text, new Uint8Array(16), 0)).toBe(false));
});

describe("host and port", () => {
  test.each([
    ["1.2.3.4:0", "1.2.3.4", 0],
    ["a:80", "a", 80],
    ["sensor.local:65535", "sensor.local", 65535],
    ["[::1]:7946", "::1", 7946],
  ])("splits-%s", (text, host, port) => expect(splitHostPort(text)).toEqual({ host, port }));

  test.each([
    "7946",
    "",
    ":80",
    "a:",
    "a:65536",
    "a:080",
    "a:8o",
    "a:+80",
    "::1",
    "::1:80",
    ":1:80",
    "[::1:80",
    "[::1]80",
    "[::1]x:80",
  ])("refuses-%s", (text) => expect(splitHostPort(text)).toBe(undefined));
});
