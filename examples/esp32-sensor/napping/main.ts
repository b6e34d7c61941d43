// A sensor that sleeps most of the time: it wakes up, reports, hears the others, and sleeps again. The others know that it
// sleeps, and by when it is back.
import config from "mc/config";
import Timer from "timer";
import { lan, SwimNode } from "xswim/sealed";
import { store } from "xswim/store";
import { WiFiConnection } from "xswim/wifi";
import type { Renewable, SwimNodeInstance } from "xswim/xs";
import { parseKeys } from "keys";
import { describeReading, readingSchema, takeReading, type Reading } from "reading";
import { isRestart, sleep } from "sleep";

type Sensor = SwimNodeInstance<Renewable, Reading>;

/** How long a wake-up may take until there is an address: it belongs to what is promised. */
const CONNECT_MS = 10_000;
/** After so long without another member, the device sleeps all the same. */
const LONELY_MS = 20_000;
/** The farewell is on its way when the radio is turned off. */
const FAREWELL_MS = 100;

const port = Number(config.port);
const seeds = String(config.seeds)
  .split(",")
  .filter((seed) => seed !== "");
const keys = parseKeys(String(config.key));
const sleepMs = Number(config.sleepSeconds) * 1000;
/** From the report on. */
const awakeMs = Number(config.awakeSeconds) * 1000;
const settings = {
  ...lan(16),
  maxMembers: 32,
  maxPacketSize: 512,
  maxBroadcasts: 16,
  maxBroadcastBytes: 1024,
  // It is awake for less than that: it answers, and probes nobody.
  quietStartMs: LONELY_MS + awakeMs,
};

let node: Sensor | undefined;
let wifi: WiFiConnection | undefined;
let bedtime: Timer | undefined;

function start(address: string): Sensor {
  return new SwimNode({
    port,
    advertise: address,
    seeds,
    config: settings,
    value: readingSchema,
    maxValueBytes: 1024,
    // Keeps the number of this life, that of the nonces, and a few members, which a device that restarts calls beside its seeds.
    store,
    ...(keys.length > 0 ? { keys } : {}),
    onReady: () => trace(`ready at ${address}:${port}\n`),
    onActive: report,
    onRejoin: report,
    onMemberUp: (member) => trace(`up ${member.addr}\n`),
    onMemberDown: (member) => trace(`down ${member.addr}\n`),
    onMemberNap: (member, ms) => trace(`${member.addr} sleeps for ${ms} ms\n`),
    onMemberOverdue: (member) => trace(`${member.addr} should be back by now\n`),
    onValue: (reading, member) => trace(`reading of ${member.addr}: ${describeReading(reading)}\n`),
    onError: (error) => trace(`error ${error}\n`),
  });
}

/** Publishes a reading, and hears the others for a moment. */
function report(): void {
  if (node === undefined || wifi === undefined) return;
  const reading = takeReading();
  // The others keep it while this one sleeps, and tell those that start meanwhile.
  node.publish(reading);
  trace(`published ${describeReading(reading)}\n`);
  goToBedIn(awakeMs);
}

function goToBedIn(ms: number): void {
  if (bedtime !== undefined) Timer.clear(bedtime);
  bedtime = Timer.set(goToBed, ms);
}

function goToBed(): void {
  bedtime = undefined;
  node?.nap(sleepMs + CONNECT_MS);
  trace(`sleeps for ${config.sleepSeconds} s\n`);
  Timer.set(turnOff, FAREWELL_MS);
}

function turnOff(): void {
  // What it knows goes to flash: after a restart there is nothing else.
  if (isRestart) node?.close();
  wifi?.close();
  wifi = undefined;
  sleep(sleepMs, wakeUp);
}

function wakeUp(): void {
  trace("awake\n");
  goToBedIn(LONELY_MS);
  wifi = new WiFiConnection({
    ssid: config.ssid,
    password: config.password,
    onAddress(found) {
      const address = config.advertise ?? found;
      if (node === undefined) node = start(address);
      else goOn(node, address);
    },
    onError: (error) => trace(`Wi-Fi: ${error}\n`),
  });
}

/** The network is there again for a node that was kept. */
function goOn(node: Sensor, address: string): void {
  node.endNap();
  if (node.identity.addr !== `${address}:${port}`) node.networkChanged(address);
}

wakeUp();
