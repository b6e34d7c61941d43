// Mistakes in the options of a `SwimNode`, the same on every platform, and what its constructor must say to each.
import { identity, lan, plainV4, struct, u16, u8 } from "../../core/index.js";

export interface BadOptions {
  mistake: string;
  /** Beside `port`. */
  options: () => object;
  says: RegExp;
}

const tiny = identity({ schema: struct({ id: u8 }), endpoint: () => "127.0.0.1:9" });
const wide = identity({ schema: struct({ id: u16 }), endpoint: () => "127.0.0.1:9" });

function bad(mistake: string, options: object | (() => object), says: RegExp): BadOptions {
  return { mistake, options: () => (typeof options === "function" ? options() : options), says };
}

function seed(mistake: string, text: unknown, says: RegExp): BadOptions {
  return bad("a seed " + mistake, { seeds: ["127.0.0.1:9", text] }, says);
}

export const BAD_OPTIONS: readonly BadOptions[] = [
  seed(
    "without a port",
    "192.168.1.5",
    /seeds\[1\]: the port is missing.*"192\.168\.1\.5".*192\.168\.1\.10:7946/,
  ),
  seed("with a host name and no port", "lamp", /seeds\[1\]: host names are not supported here/),
  seed("that is empty", "", /seeds\[1\]: it is empty/),
  seed("with a leading blank", " 127.0.0.1:9", /seeds\[1\]: it contains white space/),
  seed("with a blank behind", "127.0.0.1:9\n", /seeds\[1\]: it contains white space/),
  seed("with a bare IPv6 address", "2001:db8::1", /seeds\[1\]: the port is missing/),
  seed("with a bracketed address and no port", "[::1]", /seeds\[1\]: the port is missing/),
  seed("with port 0", "127.0.0.1:0", /seeds\[1\]: the port must be from 1 to 65535/),
  seed("with an empty port", "127.0.0.1:", /seeds\[1\]: the port must be from 1 to 65535/),
  seed("with a port too large", "127.0.0.1:65536", /seeds\[1\]: .*expected an IP address and a port/),
  seed("that stands for all addresses", "0.0.0.0:7946", /seeds\[1\]: it stands for all addresses/),
  seed("that stands for all IPv6 addresses", "[::]:7946", /seeds\[1\]: it stands for all addresses/),
  seed("that is link-local", "[fe80::1]:7946", /seeds\[1\]: a link-local address/),
  seed("with a zone", "[fe80::1%eth0]:7946", /seeds\[1\]: a link-local address/),
  seed("that is null", null, /seeds\[1\]: expected an object/),
  seed("that is no identity", { addr: "127.0.0.1:9" }, /seeds\[1\]: .*bump/),
  bad(
    "a seed that is no identity of a type of one's own",
    { identityType: tiny, identity: { id: 1 }, seeds: ["127.0.0.1:9"] },
    /seeds\[0\]: expected an object/,
  ),
  bad(
    "a seed out of the bounds of its type",
    { identityType: wide, identity: { id: 1 }, seeds: [{ id: 70_000 }] },
    /seeds\[0\]: .*70000/,
  ),
  bad(
    "a seed of the other family",
    { identityType: plainV4, advertise: "127.0.0.1", seeds: ["[::1]:9"] },
    /seeds\[0\]: expected an IP address/,
  ),
  bad("seeds that are a text", { seeds: "127.0.0.1:9" }, /seeds must be an array/),
  bad("seed for seeds", { seed: ["127.0.0.1:9"] }, /unknown option seed; did you mean seeds\?/),
  bad(
    "onMemberup for onMemberUp",
    { onMemberup() {} },
    /unknown option onMemberup; did you mean onMemberUp\?/,
  ),
  bad(
    "an option that is like no other",
    { retries: 3 },
    /unknown option retries; known are onReady, .*seeds/,
  ),
  bad(
    "maxMember for maxMembers",
    { config: { ...lan(10), maxMember: 5 } },
    /config: unknown option maxMember; did you mean maxMembers\?/,
  ),
  bad("a codec by its name", { codec: "bincode" }, /codec must be the codec bincode or postcard itself/),
  bad(
    "an identity type by its name",
    { identityType: "renewable", identity: {} },
    /identityType must be an identity type/,
  ),
  bad("an identity that is none", { identity: { addr: "127.0.0.1:9" } }, /identity: .*bump/),
  bad("lan() without a size", () => ({ config: (lan as () => object)() }), /clusterSize, as in lan\(10\)/),
  bad("a number for settings", { config: 10 }, /config: expected the settings/),
  bad("lan for lan(10)", { config: lan }, /config: expected the settings/),
  bad(
    "Math.random",
    { random: Math.random },
    /random must be a function that gives 32 random bits.*2 \*\* 32/,
  ),
  bad(
    "fractions as random numbers",
    { random: () => Math.random() },
    /random must be a function that gives 32/,
  ),
  bad("a random that gives nothing", { random: () => undefined }, /random must be a function that gives 32/),
  bad("a random that is none", { random: 4 }, /random must be a function/),
  bad("a store that is none", { store: {} }, /store must have the methods get and set/),
  bad("a store that is null", { store: null }, /store must have the methods get and set/),
  bad("a bump that is no number", { bump: "now" }, /bump must be a whole number/),
  bad(
    "a bump beyond 64 bits",
    { advertise: "127.0.0.1", bump: "18446744073709551616" },
    /bump must be a whole number below 2\^64/,
  ),
  bad("advertise with a port", { advertise: "192.168.1.5:7946" }, /advertise: the port does not belong here/),
  bad(
    "advertise with brackets and a port",
    { advertise: "[::1]:7946" },
    /advertise: the port does not belong here/,
  ),
  bad(
    "advertise with a host name",
    { advertise: "lamp.local" },
    /advertise: host names are not supported here/,
  ),
  bad("advertise that is empty", { advertise: "" }, /advertise: it is empty/),
  bad(
    "advertise that stands for all addresses",
    { advertise: "0.0.0.0" },
    /advertise: it stands for all addresses.*write an IP address such as 192\.168\.1\.10/,
  ),
  bad(
    "advertise that stands for all IPv6 addresses",
    { advertise: "::" },
    /advertise: it stands for all addresses/,
  ),
  bad("advertise that is link-local", { advertise: "fe80::1" }, /advertise: a link-local address/),
  bad("advertise with a zone", { advertise: "fe80::1%wlan0" }, /advertise: a link-local address/),
  bad("advertise that is a number", { advertise: 7 }, /advertise: it is not a string/),
  bad("a port that is a text", { port: "7946" }, /port must be an integer/),
  bad("a callback that is none", { onError: "log" }, /onError must be a function/),
  bad(
    "a handler without receiveItem",
    { broadcastHandler: {} },
    /broadcastHandler must be an object with receiveItem/,
  ),
];

/** What `changeAddress` must say, to the same mistakes. */
export const BAD_ADDRESSES: readonly [unknown, RegExp][] = [
  ["192.168.1.5:7946", /changeAddress: the port does not belong here/],
  ["0.0.0.0", /changeAddress: it stands for all addresses/],
  ["fe80::1%wlan0", /changeAddress: a link-local address/],
  ["lamp", /changeAddress: host names are not supported here/],
  [undefined, /changeAddress: it is not a string/],
  ["192.168.1.256", /expected an IP address/],
];
