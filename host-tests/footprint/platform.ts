// What platform/xs itself makes for a datagram, beside the core, which makes nothing.
import { XsWorker } from "../xs/engine.js";
import { measure } from "../xs/measure.js";

export interface Allocated {
  slots: number;
  chunkBytes: number;
}

/** By operation of a `DeviceSubject`. */
export interface PlatformFootprint {
  /** A Ping received and answered; the packet that the socket's `read` makes apart. */
  answerPing: Allocated;
  /** The same with the packet, which has its sender's address and port, as Moddable's sockets make it. */
  answerPingOfSocket: Allocated;
  /** Datagrams sent to three members of 32, most of whose endpoints are not remembered. */
  gossip: Allocated;
}

/** On the engine with a device's sizes. */
export async function measurePlatform(script: string): Promise<PlatformFootprint> {
  const worker = await XsWorker.start("ia32");
  try {
    await worker.load(script);
    await worker.load("const deviceSubject = new subject.DeviceSubject(); 0");
    const cost = async (operation: keyof PlatformFootprint): Promise<Allocated> => {
      const setup = `const s = deviceSubject; s.check("${operation}")`;
      const { slots, chunkBytes } = await measure(worker, { setup, run: `s.${operation}()`, runs: 200 });
      return { slots: Math.round(slots * 100) / 100, chunkBytes: Math.round(chunkBytes * 100) / 100 };
    };
    return {
      answerPing: await cost("answerPing"),
      answerPingOfSocket: await cost("answerPingOfSocket"),
      gossip: await cost("gossip"),
    };
  } finally {
    await worker.close();
  }
}
