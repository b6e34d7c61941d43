// The SDK's class `embedded:network/dnssd`, as far as it is used: it takes its socket from the program and throws for a datagram
// that is no DNS.

/** What a test sees of it, and can do. */
export interface DnsSdRecord {
  /** What was claimed and advertised. */
  told: object[];
  /** How many objects, claims, advertisements and questions are open. */
  open: number;
  /** How many questions were asked. */
  asked: number;
  /** The lengths of what its socket read. */
  packets: number[];
  hasMulticast: boolean;
  /** Answers the question that is open. */
  find: ((service: object) => void) | undefined;
}

let record: DnsSdRecord;

export function resetDnsSd(): DnsSdRecord {
  record = { told: [], open: 0, asked: 0, packets: [], hasMulticast: true, find: undefined };
  return record;
}

interface Socket {
  add(group: string): void;
  close(): void;
}

function opened(close: () => void = () => undefined): { close(): void } {
  let isOpen = true;
  record.open++;
  return {
    close() {
      if (isOpen) record.open--;
      isOpen = false;
      close();
    },
  };
}

export class FakeDnsSd {
  private readonly socket: Socket;
  private readonly all = [opened()];

  constructor(options: { socket: { io: new (options: object) => Socket } }) {
    const { socket } = options;
    if (!record.hasMulticast) {
      record.open--;
      throw new TypeError("no add");
    }
    this.socket = new socket.io({
      ...socket,
      target: this,
      port: 5353,
      onReadable(this: { read(): ArrayBuffer; target: unknown }, count: number) {
        do {
          const packet = this.read();
          if (!(this.target instanceof FakeDnsSd)) throw new Error("no target");
          record.packets.push(packet.byteLength);
          if (packet.byteLength < 12) throw new Error("invalid packet header");
        } while (--count > 0);
      },
    });
  }

  claim(options: object): { close(): void } {
    return this.tell(options);
  }

  advertise(options: object): { close(): void } {
    return this.tell(options);
  }

  discover(options: { onFound(service: object): void }): { close(): void } {
    record.asked++;
    record.find = options.onFound;
    const question = opened(() => (record.find = undefined));
    this.all.push(question);
    return question;
  }

  close(): void {
    for (const one of this.all.splice(0)) one.close();
    this.socket.close();
  }

  private tell(options: object): { close(): void } {
    record.told.push(options);
    const one = opened();
    this.all.push(one);
    return one;
  }
}
