// Not one of ours: it has a defect, so that it can be shown that the fuzzer finds one.
import { readPacket } from "../planted/packet.js";
import type { Input, Target } from "../engine/target.js";

export const planted: Target = {
  name: "planted",
  about: "a reader with a defect behind six conditions; runs only when it is named",
  covers: ["host-tests/fuzz/planted/"],
  maxRecords: 1,
  maxLength: 64,
  seeds: (): Input[] => [[new Uint8Array(12)]],
  run([record]: Input): void {
    readPacket(record);
  },
};
