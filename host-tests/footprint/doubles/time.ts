import { device } from "./device.js";

export default {
  get ticks(): number {
    return device.nowMs;
  },
  delta(from: number, to: number): number {
    return to - from;
  },
};
