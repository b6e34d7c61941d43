// A program that does nothing but say what its machine holds.
import Debug from "debug";
import Instrumentation from "instrumentation";
import Timer from "timer";

Timer.set(() => {
  Debug.gc();
  const slots = Instrumentation.get(Instrumentation.map("XS Slot Heap Used"));
  const chunks = Instrumentation.get(Instrumentation.map("XS Chunk Heap Used"));
  trace(`bare slots ${slots} chunks ${chunks}\n`);
}, 100);
