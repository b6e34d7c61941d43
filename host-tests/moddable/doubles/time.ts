import { world } from "./world.js";

export default {
  get ticks(): number {
    return world.ticks;
  },
  delta(from: number, to: number): number {
    return (to - from) | 0;
  },
};
