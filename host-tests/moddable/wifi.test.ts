import { beforeEach, describe, expect, test } from "vitest";
import { WiFiConnection, type WiFiConnectionOptions } from "../../platform/xs/wifi/connection.js";
import { resetRadio, type Radio } from "./doubles/radio.js";
import { resetWorld, type World } from "./doubles/world.js";

let world: World;
let radio: Radio;
let told: string[];
beforeEach(() => {
  world = resetWorld();
  radio = resetRadio();
  told = [];
});

/** What an ESP32 has for an address when DHCP gave it none. */
const LINK_LOCAL = "FE80::3E71:BFFF:FE01:2345";
/** For how long an attempt may go on. */
const PATIENCE_MS = 30_000;

function connect(options: Partial<WiFiConnectionOptions> = {}): WiFiConnection {
  return new WiFiConnection({
    ssid: "home",
    password: "secret",
    onAddress: (address) => told.push(address),
    onLost: () => told.push("lost"),
    onError: (error) => told.push(String(error)),
    ...options,
  });
}

/** A connection that has an address, which was told. */
function connected(options: Partial<WiFiConnectionOptions> = {}): WiFiConnection {
  const connection = connect(options);
  world.advance(1);
  radio.become(500, "192.168.1.20");
  expect([told, connection.address]).toEqual([["192.168.1.20"], "192.168.1.20"]);
  told.length = 0;
  radio.asked.length = 0;
  return connection;
}

const attempts = (): number => radio.asked.filter((what) => what.startsWith("connect ")).length;

describe("a Wi-Fi connection", () => {
  test("connects-after-the-constructor-returned-and-tells-the-address", () => {
    const connection = connect();
    expect([radio.asked, connection.address]).toEqual([[], undefined]);
    world.advance(1);
    expect(radio.asked).toEqual(['connect {"SSID":"home","password":"secret"}']);
    radio.become(400);
    radio.become(500, "192.168.1.20");
    expect([told, connection.address]).toEqual([["192.168.1.20"], "192.168.1.20"]);
  });

  test.each([[undefined], [""]])("asks-for-no-password-when-it-is-%j", (password) => {
    connect({ password });
    world.advance(1);
    expect(radio.asked).toEqual(['connect {"SSID":"home"}']);
  });

  test("takes-a-connection-that-is-there-already", () => {
    radio.become(500, "192.168.1.20");
    connect();
    expect(told).toEqual([]);
    world.advance(1);
    expect([told, radio.asked]).toEqual([["192.168.1.20"], []]);
  });

  test("leaves-alone-what-is-connected", () => {
    connected();
    world.advance(100_000);
    expect([told, radio.asked, radio.interfaces.length, world.liveTimers]).toEqual([[], [], 1, 1]);
  });

  test("notices-another-address-within-a-second-though-nothing-tells-of-it", () => {
    const connection = connected();
    radio.address = "192.168.1.77";
    world.advance(1000);
    expect([told, connection.address]).toEqual([["192.168.1.77"], "192.168.1.77"]);
  });

  test("tells-the-address-again-when-the-network-was-lost-and-is-back-with-the-same", () => {
    connected();
    radio.become(200);
    expect(told).toEqual(["lost"]);
    world.advance(5000);
    radio.become(500, "192.168.1.20");
    expect(told).toEqual(["lost", "192.168.1.20"]);
  });

  test("tells-one-loss-once-however-long-it-takes", () => {
    connected();
    radio.become(400);
    radio.become(200);
    radio.become(200);
    world.advance(300_000);
    expect(told).toEqual(["lost"]);
  });

  test("never-gives-an-IPv6-address-and-takes-it-for-a-loss", () => {
    const connection = connected();
    radio.address = LINK_LOCAL;
    world.advance(1000);
    expect([told, connection.address]).toEqual([["lost"], undefined]);
    radio.address = "192.168.1.20";
    world.advance(1000);
    expect(told).toEqual(["lost", "192.168.1.20"]);
  });

  test.each([[undefined], ["0.0.0.0"], [LINK_LOCAL]])(
    "begins-anew-when-it-stays-connected-with-%s",
    (none) => {
      connected();
      radio.address = none;
      world.advance(PATIENCE_MS - 1000);
      expect(radio.asked).toEqual([]);
      world.advance(3000);
      expect([radio.asked[0], attempts()]).toEqual(["disconnect", 1]);
    },
  );

  test("begins-anew-when-it-stays-in-the-middle-of-connecting", () => {
    connect();
    world.advance(PATIENCE_MS - 1000);
    expect(radio.asked.length).toBe(1);
    world.advance(3000);
    expect(radio.asked.slice(1)).toEqual(["disconnect", radio.asked[0]]);
  });

  test("does-not-lose-patience-by-a-stall-of-the-machine", () => {
    connect();
    world.advance(2);
    const [timer] = world.timers;
    // The SDK's repeating timer makes up for all that it missed, unless it is set anew.
    for (timer.atMs -= 10 * PATIENCE_MS; timer.atMs <= 0;) {
      timer.atMs += timer.repeatMs;
      timer.callback?.();
    }
    expect(radio.asked.length).toBe(1);
  });

  /** Lets every attempt fail for so long, and returns the pauses between the attempts. */
  function pausesIn(durationMs: number): number[] {
    const atMs: number[] = [];
    for (let ms = 1; ms <= durationMs; ms++) {
      world.advance(1);
      if (radio.connection !== 300) continue;
      atMs.push(ms);
      radio.become(200);
    }
    return atMs.slice(1).map((ms, i) => ms - atMs[i]);
  }

  test("tries-again-for-ever-with-pauses-that-grow-to-five-seconds", () => {
    connect();
    const pauses = pausesIn(3_600_000);
    expect(pauses.slice(0, 5)).toEqual([1000, 2000, 4000, 5000, 5000]);
    expect([Math.max(...pauses), pauses.length > 700]).toEqual([5000, true]);
  });

  test("begins-with-short-pauses-again-after-it-was-connected", () => {
    connect();
    pausesIn(60_000);
    radio.become(500, "192.168.1.20");
    world.advance(60_000);
    const before = attempts();
    radio.become(200);
    world.advance(1000);
    expect(attempts() - before).toBe(1);
    radio.become(200);
    expect(pausesIn(8000)).toEqual([2000, 4000]);
  });
});

describe("a Wi-Fi connection survives", () => {
  test("connect-that-throws", () => {
    radio.callFailures = 3;
    connect();
    world.advance(20_000);
    expect([told.length, told[0], radio.connection]).toEqual([3, "Error: connect failed", 300]);
  });

  test("disconnect-that-throws", () => {
    connect();
    world.advance(2);
    radio.callFailures = 1;
    world.advance(2 * PATIENCE_MS + 5000);
    expect([told, radio.asked.slice(1, 3)]).toEqual([
      ["Error: connect failed"],
      ["disconnect", "disconnect"],
    ]);
  });

  test("a-constructor-of-the-SDK-that-throws", () => {
    radio.constructorFailures = 2;
    connect();
    world.advance(10_000);
    expect([told, radio.interfaces.length, attempts()]).toEqual([
      ["Error: no memory", "Error: no memory"],
      1,
      1,
    ]);
  });

  test("an-object-of-the-SDK-that-is-of-no-use-any-more", () => {
    connected();
    const [first] = radio.interfaces;
    radio.readFailures = 1;
    world.advance(5000);
    expect(told).toEqual(["SyntaxError: invalid host data", "lost", "192.168.1.20"]);
    expect([radio.interfaces.length, radio.interfaces[0] === first]).toEqual([1, false]);
  });

  test.each(["onAddress", "onLost", "onError"])("%s-that-throws", (name) => {
    const thrower = (): void => {
      throw new Error(name);
    };
    connect({ onError: undefined as never, [name]: thrower });
    world.advance(1);
    radio.callFailures = 1;
    radio.become(500, "192.168.1.20");
    radio.become(200);
    world.advance(1000);
    expect(world.traced).toContain(`xswim/wifi: caught Error: ${name}\n`);
    radio.become(500, "192.168.1.21");
    expect(world.liveTimers).toBe(1);
  });
});

describe("closing a Wi-Fi connection", () => {
  test("leaves-the-network-and-nothing-behind", () => {
    const connection = connected();
    connection.close();
    connection.close();
    expect(radio.asked).toEqual(["disconnect"]);
    expect([radio.interfaces.length, world.liveTimers, connection.address]).toEqual([0, 0, undefined]);
    world.advance(60_000);
    expect(told).toEqual([]);
  });

  test("is-possible-before-anything-happened-and-when-the-SDK-refuses", () => {
    connect().close();
    expect(radio.asked).toEqual([]);
    const connection = connected();
    radio.callFailures = 1;
    connection.close();
    expect([told, radio.interfaces.length, world.liveTimers]).toEqual([[], 0, 0]);
  });

  test.each(["onAddress", "onLost"])("is-possible-in-%s", (name) => {
    const connection = connect({
      [name]: () => {
        told.push(name);
        connection.close();
      },
    });
    world.advance(1);
    radio.become(500, "192.168.1.20");
    radio.become(200);
    world.advance(60_000);
    expect([told.filter((what) => what === name), world.liveTimers, radio.interfaces.length]).toEqual([
      [name],
      0,
      0,
    ]);
  });

  test("lets-another-one-connect", () => {
    connected().close();
    connect();
    world.advance(1);
    radio.become(500, "192.168.1.20");
    expect(told).toEqual(["192.168.1.20"]);
  });
});

test.each<[string, object, RegExp]>([
  ["no options", null as never, /an object of options/],
  ["SSID for ssid", { SSID: "home" }, /unknown option SSID; did you mean ssid\?/],
  ["an empty ssid", { ssid: "" }, /ssid must be the name of a network/],
  ["an ssid that is too long", { ssid: "x".repeat(33) }, /ssid must be/],
  ["an ssid that is none", { ssid: undefined }, /ssid must be/],
  ["a password that is none", { password: 1234 }, /password must be a string/],
  ["no onAddress", { onAddress: undefined }, /onAddress must be a function/],
  ["an onLost that is none", { onLost: true }, /onLost must be a function/],
  ["an onError that is none", { onError: "trace" }, /onError must be a function/],
])("a Wi-Fi connection refuses %s before anything is done", (_mistake, options, says) => {
  const given = options === null ? null : { ssid: "home", onAddress() {}, ...options };
  expect(() => new WiFiConnection(given as never)).toThrow(says);
  expect([world.liveTimers, radio.interfaces.length]).toEqual([0, 0]);
});
