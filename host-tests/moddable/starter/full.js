// The same with everything that the package has: a node, and a core of the app's own making beside it.
import Debug from "debug";
import Instrumentation from "instrumentation";
import config from "mc/config";
import { Metric, namedMetrics } from "xswim/metrics";
import { postcard } from "xswim/postcard";
import { struct, u16 } from "xswim/schema";
import { SwimNode } from "xswim/xs";
import { identity, simple, Swim } from "xswim";

const swim = new Swim({
  identity: { id: 1, bump: 0 },
  identityType: identity({
    schema: struct({ id: u16, bump: u16 }),
    address: "id",
    renew: ({ id, bump }) => ({ id, bump: bump + 1 }),
    winsAddrConflict: (one, other) => one.bump > other.bump,
  }),
  codec: postcard,
  config: simple(),
  runtime: { now: () => 0, sendTo: () => undefined, submitAfter: () => undefined },
  random: () => Math.floor(Math.random() * 0x100000000),
});
swim.applyMany([{ identity: { id: 2, bump: 0 }, incarnation: 0, state: "Alive" }], false);
swim.gossip();

const node = new SwimNode({
  port: Number(config.port),
  advertise: "127.0.0.1",
  onReady() {
    if (swim.metrics[Metric.BytesSent] === 0 || namedMetrics(swim.metrics).sent[8] !== 1)
      throw new Error("the core of the app's own making sent nothing");
    Debug.gc();
    const slots = Instrumentation.get(Instrumentation.map("XS Slot Heap Used"));
    const chunks = Instrumentation.get(Instrumentation.map("XS Chunk Heap Used"));
    trace(`ready ${node.identity.addr} slots ${slots} chunks ${chunks}\n`);
  },
});
