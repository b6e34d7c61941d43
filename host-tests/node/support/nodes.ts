import { SwimNode, type SwimNodeOptions } from "../../../platform/node/index.js";
import { simple, type Config } from "../../../core/index.js";
import { freePorts } from "../../../agent/src/demo/free-ports.js";

/** Settings with which a death is known after half a second, for tests that wait for one. */
export const QUICK: Config = {
  ...simple(),
  probePeriodMs: 100,
  probeRttMs: 40,
  suspectToDownAfterMs: 300,
  periodicGossip: { frequencyMs: 20, numMembers: 3 },
};

/** `SwimNode`, or what a test made of it. */
type NodeClass = new (options: SwimNodeOptions) => SwimNode;

const open = new Set<SwimNode>();

/** A node on loopback and what it told, as `up 127.0.0.1:7000`. */
export class Heard {
  readonly node: SwimNode;
  readonly address: string;
  readonly told: string[] = [];
  readonly errors: unknown[] = [];

  constructor(port: number, options: Partial<SwimNodeOptions> = {}, NodeClass: NodeClass = SwimNode) {
    const address = options.address ?? "127.0.0.1";
    this.address = (address.includes(":") ? "[" + address + "]" : address) + ":" + port;
    this.node = new NodeClass({
      address,
      port,
      config: QUICK,
      onReady: () => this.told.push("ready"),
      onMemberUp: ({ addr }) => this.told.push("up " + addr),
      onMemberDown: ({ addr }) => this.told.push("down " + addr),
      onIdle: () => this.told.push("idle"),
      onDefunct: () => this.told.push("defunct"),
      onRejoin: () => this.told.push("rejoin"),
      onBroadcast: (bytes, from) => this.told.push(String(from) + " says " + new TextDecoder().decode(bytes)),
      onValue: (bytes, { addr }) => this.told.push(addr + " says " + new TextDecoder().decode(bytes)),
      onError: (error) => this.errors.push(error),
      ...options,
    });
    open.add(this.node);
  }
}

/** A free port of a local address. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  return (await freePorts(1, host))[0];
}

/** Closes what a test left open. */
export function closeAll(): void {
  for (const node of open) node.close();
  open.clear();
}
