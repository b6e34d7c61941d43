import { world } from "./world.js";

/** A socket of the world. It has no fields, which would be taken for the node's in a measurement. */
export default class FakeUdp {
  constructor(options: { port: number; onReadable(count: number): void }) {
    world.openSocket(this, options.onReadable, options.port);
  }

  read(): ArrayBuffer | undefined {
    world.recordOf(this);
    return world.takeWaiting();
  }

  write(data: Uint8Array, address: string, port: number): void {
    world.recordOf(this);
    world.write(data, address, port);
  }

  close(): void {
    const record = world.sockets.find(({ socket }) => socket === this);
    if (record !== undefined) record.isOpen = false;
  }
}
