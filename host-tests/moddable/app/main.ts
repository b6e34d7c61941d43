// The app of `npm run test:moddable`: a node with fast settings that traces all that happens to it.
import Debug from "debug";
import Instrumentation from "instrumentation";
import config from "mc/config";
import Preference from "preference";
import Timer from "timer";
import { Metric } from "xswim/metrics";
import { lan, SwimNode, type Config } from "xswim/xs";

/**
 * A LAN's settings, but ten probes in its second when `probePeriodMs` says 100. One helper and a long suspicion: the
 * simulator's socket takes one datagram in 20 ms, and the machine may be busy.
 */
const settings: Config = {
  ...lan(10),
  probePeriodMs: Number(config.probePeriodMs),
  probeRttMs: Number(config.probePeriodMs) - 10,
  numIndirectProbes: 1,
  suspectToDownAfterMs: 8000,
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
  value: "text",
  onBroadcast(bytes, from) {
    trace(`heard ${String.fromArrayBuffer(bytes.buffer)} from ${from}\n`);
  },
  onValue(text, member) {
    trace(`got ${text} from ${member.addr}\n`);
    if (broken) return;
    broken = true;
    throw new Error("a callback that fails");
  },
  onError(error) {
    trace(`error ${error}; callbacks ${node.callbackErrors} socket ${node.socketErrors}\n`);
  },
});

/** Every few readings news goes out beside, which nobody keeps. */
const NEWS_EVERY = 4;

function publish(): void {
  published++;
  const text = String(published).padStart(6, "0");
  node.publish(`reading ${text}`);
  if (published % NEWS_EVERY === 0) node.broadcast(new Uint8Array(ArrayBuffer.fromString(`news ${text}`)));
}

/** What is alive after a collection; the instruments alone count garbage too. */
function traceMemory(): void {
  Debug.gc();
  const slots = Instrumentation.get(Instrumentation.map("XS Slot Heap Used"));
  const chunks = Instrumentation.get(Instrumentation.map("XS Chunk Heap Used"));
  const sent = node.swim.metrics[Metric.SentPing];
  const { numMembers, updatesBacklog, customBroadcastBacklog } = node.swim;
  trace(`memory slots ${slots} chunks ${chunks} pings ${sent} members ${numMembers}`);
  trace(` updates ${updatesBacklog} broadcasts ${customBroadcastBacklog}\n`);
}

Timer.repeat(publish, 2000);
Timer.repeat(traceMemory, MEMORY_EVERY_MS);
