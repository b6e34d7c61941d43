// The least app with a node: says when it runs, and what is alive then.
import Debug from "debug";
import Instrumentation from "instrumentation";
import config from "mc/config";
import { SwimNode } from "xswim/xs";

const node = new SwimNode({
  port: Number(config.port),
  advertise: "127.0.0.1",
  onReady() {
    Debug.gc();
    const slots = Instrumentation.get(Instrumentation.map("XS Slot Heap Used"));
    const chunks = Instrumentation.get(Instrumentation.map("XS Chunk Heap Used"));
    trace(`ready ${node.identity.addr} slots ${slots} chunks ${chunks}\n`);
  },
});
