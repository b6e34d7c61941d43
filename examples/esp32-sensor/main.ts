// A sensor among sensors: joins, publishes its reading every few seconds, and traces the readings of the others.
import config from "mc/config";
import Timer from "timer";
import { lan, SwimNode } from "xswim/sealed";
import { store } from "xswim/store";
import { WiFiConnection } from "xswim/wifi";
import type { Renewable, SwimNodeInstance } from "xswim/xs";
import { parseKeys } from "keys";
import { describeReading, readingSchema, takeReading, type Reading } from "reading";

const port = Number(config.port);
const seeds = String(config.seeds)
  .split(",")
  .filter((seed) => seed !== "");
const keys = parseKeys(String(config.key));
// A few dozen members and short datagrams: fits beside an application on an ESP8266.
const settings = {
  ...lan(16),
  maxMembers: 32,
  maxPacketSize: 512,
  maxBroadcasts: 16,
  maxBroadcastBytes: 1024,
};

let node: SwimNodeInstance<Renewable, Reading> | undefined;

function start(address: string): void {
  node = new SwimNode({
    port,
    advertise: address,
    seeds,
    config: settings,
    value: readingSchema,
    maxValueBytes: 1024,
    store,
    ...(keys.length > 0 ? { keys } : {}),
    onReady: () => trace(`ready at ${address}:${port}\n`),
    onMemberUp: (member) => trace(`up ${member.addr}\n`),
    onMemberDown: (member) => trace(`down ${member.addr}\n`),
    onIdle: () => trace("alone\n"),
    onValue: (reading, member) => trace(`reading of ${member.addr}: ${describeReading(reading)}\n`),
    onError: (error) => trace(`error ${error}\n`),
  });
}

function publish(): void {
  if (node === undefined) return;
  const reading = takeReading();
  // All others keep it, so who starts later has it, too.
  node.publish(reading);
  trace(`published ${describeReading(reading)}; members:${node.swim.numMembers === 0 ? " none" : ""}`);
  // One after another: a copy of all members would take 4 KB for a moment.
  node.swim.forEachMember((member) => trace(` ${member.identity.addr}`));
  trace("\n");
}

/** What a device does that is told to stop: the others know at once, not after a suspicion. */
function leave(): void {
  node?.leave();
  node?.close();
  node = undefined;
  wifi.close();
  Timer.clear(publishing);
  trace("left\n");
}

const wifi = new WiFiConnection({
  ssid: config.ssid,
  password: config.password,
  onAddress(found) {
    // The simulator may find another address than the one at which the others reach it.
    const address = config.advertise ?? found;
    if (node === undefined) start(address);
    else node.networkChanged(address);
  },
  onLost: () => trace("network lost; the node waits for it\n"),
  onError: (error) => trace(`Wi-Fi: ${error}\n`),
});
const publishing = Timer.repeat(publish, Number(config.everySeconds) * 1000);
if (Number(config.runSeconds) > 0) Timer.set(leave, Number(config.runSeconds) * 1000);
