// A node inside a machine: core and the node that all platforms share, on the bridge's datagrams and timer.
import { bincode, renewableAddr, type Renewable } from "../../../core/index.js";
import { parseIpv4 } from "../../../core/ip.js";
import { BlockCcm } from "../../../platform/shared/ccm.js";
import { makeNodeSeal } from "../../../platform/shared/node-seal.js";
import type { Driver, SwimNodeOptions } from "../../../platform/shared/options.js";
import type { SealPrimitives } from "../../../platform/shared/seal.js";
import { SwimNodeBase } from "../../../platform/shared/swim-node.js";
import { seeded } from "../../support/random.js";
import type { XsHost } from "../host.js";

declare const host: XsHost;

const HEADER_LENGTH = 6;

/** The datagrams of `UdpBridge`, with the other side's address before them, and the host's one timer. */
class BridgeDriver implements Driver {
  private readonly header = new Uint8Array(HEADER_LENGTH);

  now(): number {
    return host.now();
  }

  send(address: string, port: number, data: Uint8Array, start: number, end: number): void {
    if (!parseIpv4(address, this.header, 0)) throw new TypeError("no IPv4 address: " + address);
    this.header[4] = port >> 8;
    this.header[5] = port & 255;
    host.append(this.header);
    host.send(data, start, end - start);
  }

  arm(ms: number): void {
    host.arm(Math.ceil(ms));
  }

  close(): void {
    host.disarm();
    host.onMessage = undefined;
    host.onTimer = undefined;
  }
}

/** The host's cipher in C, as a device has one. */
function primitivesOf(seed: number): SealPrimitives {
  const random = seeded(seed);
  return {
    makeCcm: (secret) => new BlockCcm(host.aes(secret.slice().buffer)),
    fillUnique: (bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = random();
      return true;
    },
    failed: (error) => tell({ event: "error", text: String(error) }),
  };
}

class BridgedNode extends SwimNodeBase<Renewable> {
  constructor(options: SwimNodeOptions, seed: number) {
    super(
      options,
      {
        advertise: "127.0.0.1",
        bump: 1,
        random: seeded(seed),
        makeSeal: (_node, own, swim) => makeNodeSeal(own, swim, primitivesOf(seed)),
      },
      new BridgeDriver(),
    );
    const message = new Uint8Array(HEADER_LENGTH + 1500);
    const datagram = new Uint8Array(message.buffer, HEADER_LENGTH);
    host.onMessage = (length) => {
      host.receive(message);
      this.receive(datagram, 0, length - HEADER_LENGTH);
    };
    host.onTimer = () => this.wake();
    this.ready();
  }
}

/** What a node tells its host, one a line, as JSON. */
export interface Told {
  event: "members" | "value" | "error";
  members?: string[];
  text?: string;
}

function tell(told: Told): void {
  host.print(JSON.stringify(told));
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

let node: BridgedNode | undefined;

function tellMembers(): void {
  tell({ event: "members", members: node?.members().map((member) => member.identity.addr) ?? [] });
}

/** Starts a node of foca's example agent's kind, sealed where there is a key, that says whom it knows, and what it hears, as that changes. */
export function start(port: number, seeds: string[], randomSeed: number, key: string): void {
  const options: SwimNodeOptions = {
    port,
    seeds,
    codec: bincode,
    identityType: renewableAddr,
    onMemberUp: tellMembers,
    onMemberDown: tellMembers,
    onValue: (bytes) => tell({ event: "value", text: textOf(bytes) }),
    onError: (error) => tell({ event: "error", text: String(error) }),
  };
  if (key !== "") options.keys = [{ id: 3, secret: key }];
  node = new BridgedNode(options, randomSeed);
}

/** Publishes a text of ASCII characters. */
export function publish(text: string): void {
  node?.publish(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

export function leave(): void {
  node?.leave();
}
