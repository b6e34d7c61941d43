import { device } from "./device.js";

export default {
  repeat(callback: () => void, ms: number): number {
    device.onTimer = callback;
    device.dueMs = device.nowMs + ms;
    return 1;
  },
  schedule(_id: number, ms: number): void {
    device.dueMs = device.nowMs + ms;
  },
  clear(): void {
    device.onTimer = undefined;
  },
};
