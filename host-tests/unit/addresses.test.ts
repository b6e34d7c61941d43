// Addresses that a program passes: what is wrong with which, word for word, and how they are written.
import { describe, expect, test } from "vitest";
import { checkHost, checkHostPort, hostPort } from "../../platform/shared/addresses.js";

const BLANK = "it contains white space";
const LINK = "a link-local address is valid on one link only";
const ALL = "it stands for all addresses";
const NAME = "host names are not supported here";
const PORT = "the port does not belong here";
const RANGE = "the port must be from 1 to 65535";

describe("a host", () => {
  test.each([
    "10.0.0.1",
    "255.255.255.255",
    "::1",
    "[::1]",
    "2001:db8::fe80",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    // Judged by who knows more of it.
    "300.1",
  ])("may-be: %s", (host) => {
    expect(() => checkHost("where", host)).not.toThrow();
  });

  test.each<[unknown, string, string]>([
    ["", "it is empty", '""'],
    [" 10.0.0.1", BLANK, '" 10.0.0.1"'],
    ["10.0.0.1\n", BLANK, '"10.0.0.1\\n"'],
    ["fe80::1", LINK, '"fe80::1"'],
    ["[FEBF::1]", LINK, '"[FEBF::1]"'],
    ["2001:db8::1%eth0", LINK, '"2001:db8::1%eth0"'],
    ["0.0.0.0", ALL, '"0.0.0.0"'],
    ["[::]", ALL, '"[::]"'],
    ["::", ALL, '"::"'],
    ["a", NAME, '"a"'],
    ["lamp", NAME, '"lamp"'],
    ["10a", NAME, '"10a"'],
    ["a10", NAME, '"a10"'],
    ["12ab34", NAME, '"12ab34"'],
    ["10.0.0.1:7946", PORT, '"10.0.0.1:7946"'],
    ["[::1]:7946", PORT, '"[::1]:7946"'],
    ["lamp:7946", PORT, '"lamp:7946"'],
    [NaN, "it is not a string", "NaN"],
    [null, "it is not a string", "null"],
    [["10.0.0.1:7946"], "it is not a string", "10.0.0.1:7946"],
  ])("is-refused: %j", (host, fault, shown) => {
    const check = (): void => checkHost("where", host);
    expect(check).toThrow(TypeError);
    expect(check).toThrow(
      new TypeError("where: " + fault + ", got " + shown + "; write an IP address such as 192.168.1.10"),
    );
  });
});

describe("a host with a port", () => {
  test.each(["10.0.0.1:7946", "[::1]:7946", "[2001:db8::fe80]:1", "10.0.0.1:10"])("may-be: %s", (text) => {
    expect(() => checkHostPort("where", text)).not.toThrow();
  });

  test.each([
    ["", "it is empty"],
    [":7946", "it is empty"],
    [" 10.0.0.1:7946", BLANK],
    ["10.0.0.1:7946 ", BLANK],
    ["lamp :7946", BLANK],
    ["10.0.0.1", "the port is missing"],
    ["2001:db8::1", "the port is missing"],
    ["10.0.0.1:", RANGE],
    ["10.0.0.1:0", RANGE],
    ["10.0.0.1:00", RANGE],
    // The first mistake is told.
    ["lamp:0", NAME],
    ["lamp", NAME],
    ["lamp:7946", NAME],
    ["0.0.0.0:0", ALL],
    ["[fe80::1]:7946", LINK],
  ])("is-refused: %s", (text, fault) => {
    expect(() => checkHostPort("where", text)).toThrow(
      new TypeError(
        `where: ${fault}, got ${JSON.stringify(text)}; write an IP address such as 192.168.1.10:7946`,
      ),
    );
  });
});

test.each([
  ["10.0.0.1", "10.0.0.1:7946"],
  ["::1", "[::1]:7946"],
  ["2001:db8::1", "[2001:db8::1]:7946"],
  ["[::1]", "[::1]:7946"],
])("is-written-with-its-port: %s", (host, expected) => {
  expect(hostPort(host, 7946)).toBe(expected);
});
