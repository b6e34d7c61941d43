// The app of `npm run test:moddable`: a node with fast settings that traces all that happens to it.
import Debug from "debug";
import Instrumentation from "instrumentation";
import config from "mc/config";
import Preference from "preference";
import Timer from "timer";
import { lan, Metric, SwimNode, type Config } from "xswim/xs";

/** One tenth of the times of a LAN, but for the deaths: the simulator's socket takes one datagram in 20 ms. */
const settings: Config = {
  ...lan(10),
  probePeriodMs: 100,
  probeRttMs: 70,
  suspectToDownAfterMs: 3000,
  periodicAnnounce: { frequencyMs: 3000, numMembers: 1 },
  periodicAnnounceToDownMembers: { frequencyMs: 6500, numMembers: 2 },
  periodicGossip: { frequencyMs: 200, numMembers: 3 },
};
const MEMORY_EVERY_MS = 5000;

let published = 0;
let broken = false;

const node = new SwimNode({
  port: Number(config.port),
  advertise: "127.0.0.1",
  seeds: String(config.seeds).split(","),
  config: settings,
  store: Preference,
  onReady() {
    trace(`ready ${node.identity.addr} bump ${node.identity.bump}\n`);
  },
  onMemberUp(member) {
    trace(`up ${member.addr}\n`);
  },
  onMemberDown(member) {
    trace(`down ${member.addr}\n`);
  },
  onBroadcast(bytes, from) {
    trace(`got ${String.fromArrayBuffer(bytes.buffer)} from ${from}\n`);
    if (broken) return;
    broken = true;
    throw new Error("a callback that fails");
  },
  onError(error) {
    trace(`error ${error}; callbacks ${node.callbackErrors} socket ${node.socketErrors}\n`);
  },
});

function publish(): void {
  published++;
  node.broadcast(new Uint8Array(ArrayBuffer.fromString(`reading ${String(published).padStart(6, "0")}`)));
}

/** What is alive after a collection; the instruments alone count garbage too. */
function traceMemory(): void {
  Debug.gc();
  const slots = Instrumentation.get(Instrumentation.map("XS Slot Heap Used"));
  const chunks = Instrumentation.get(Instrumentation.map("XS Chunk Heap Used"));
  const sent = node.swim.metrics[Metric.SentPing];
  trace(`memory slots ${slots} chunks ${chunks} pings ${sent} members ${node.swim.numMembers}\n`);
}

Timer.repeat(publish, 2000);
Timer.repeat(traceMemory, MEMORY_EVERY_MS);
