// An app that publishes one value, and traces those that it gets, and what it keeps of each member.
import config from "mc/config";
import Preference from "preference";
import Timer from "timer";
import { i16, struct, u8 } from "xswim/schema";
import { Metric } from "xswim/metrics";
import { lan, SwimNode } from "xswim/xs";

const node = new SwimNode({
  port: Number(config.port),
  advertise: "127.0.0.1",
  seeds: String(config.seeds).split(","),
  // One helper and a long suspicion: the simulator's socket takes one datagram in 20 ms.
  config: { ...lan(10), numIndirectProbes: 1, suspectToDownAfterMs: 8000 },
  store: Preference,
  value: struct({ celsius: i16, battery: u8 }),
  onReady() {
    trace(`ready ${node.identity.addr}\n`);
  },
  onMemberUp(member) {
    trace(`up ${member.addr}\n`);
  },
  onValue(value, member) {
    trace(`value ${value.celsius} ${value.battery} of ${member.addr} age ${node.valueAgeMs(member)}\n`);
  },
  onError(error) {
    trace(`error ${error}\n`);
  },
});
node.publish({ celsius: Number(config.celsius), battery: 90 });

Timer.repeat(() => {
  for (const { identity, value, valueAgeMs } of node.members())
    trace(`kept ${value?.celsius} of ${identity.addr} age ${valueAgeMs}\n`);
  const { metrics } = node.swim;
  trace(`repaired ${metrics[Metric.RepairedValues]} refused ${metrics[Metric.RefusedValues]}\n`);
}, 2000);
