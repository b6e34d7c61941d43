// An app with a key: traces what happens to its node, and what its seal counts.
import config from "mc/config";
import Preference from "preference";
import Timer from "timer";
import { lan, SealMetric, SwimNode } from "xswim/sealed";

const node = new SwimNode({
  port: Number(config.port),
  advertise: "127.0.0.1",
  seeds: String(config.seeds).split(","),
  // One helper and a long suspicion: the simulator's socket takes one datagram in 20 ms.
  config: { ...lan(10), numIndirectProbes: 1, suspectToDownAfterMs: 8000 },
  store: Preference,
  keys: [{ id: 1, secret: String(config.key) }],
  onReady() {
    trace(`ready ${node.identity.addr}\n`);
  },
  onMemberUp(member) {
    trace(`up ${member.addr}\n`);
  },
  onMemberDown(member) {
    trace(`down ${member.addr}\n`);
  },
  value: "text",
  onValue(text, member) {
    trace(`got ${text} from ${member.addr}\n`);
  },
  onError(error) {
    trace(`error ${error}\n`);
  },
});

let published = 0;
Timer.repeat(() => {
  published++;
  node.publish(`reading ${published}`);
  const { metrics } = node.seal!;
  trace(`seal sealed ${metrics[SealMetric.Sealed]} opened ${metrics[SealMetric.Opened]}`);
  trace(` plain ${metrics[SealMetric.RefusedPlain]} forged ${metrics[SealMetric.Forged]}`);
  trace(` replayed ${metrics[SealMetric.Replayed]}\n`);
}, 2000);
