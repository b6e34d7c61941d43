import { world, type FakeTimer } from "./world.js";

export default {
  repeat(callback: () => void, ms: number): FakeTimer {
    return world.makeTimer(callback, ms);
  },
  schedule(timer: FakeTimer, ms: number, repeatMs: number): void {
    if (!timer.isLive) throw new Error("invalid timer");
    if (!Number.isInteger(ms) || ms < 1 || ms !== repeatMs) throw new Error(`schedule(${ms}, ${repeatMs})`);
    timer.atMs = ms;
    timer.repeatMs = repeatMs;
  },
  clear(timer: FakeTimer): void {
    timer.isLive = false;
  },
};
