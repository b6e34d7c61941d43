import { device } from "./device.js";

export default class {
  constructor(options: { onReadable(count: number): void }) {
    device.onReadable = options.onReadable;
  }
  read(): ArrayBuffer | undefined {
    const packet = device.packet;
    device.packet = undefined;
    return packet;
  }
  write(data: Uint8Array): void {
    device.sent++;
    device.length = data.length;
  }
  close(): void {}
}
