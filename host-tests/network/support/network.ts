import { createInterface, type Interface } from "node:readline";
import { Program } from "../../agent/support/program.js";
import { entering, inNamespace, ip, makeNamespace, removeNamespace } from "./namespaces.js";
import { SWITCH } from "./paths.js";

/** What happens to frames on their way from one host to another. Chances are between 0 and 1. */
export interface Faults {
  /** 1: nothing passes. */
  cut?: number;
  loss?: number;
  duplicate?: number;
  /** A byte of the payload of a datagram is changed, and its checksum is right. */
  corrupt?: number;
  delayMs?: number;
  /** Up to so much more, evenly spread, so that later frames overtake earlier ones. */
  jitterMs?: number;
  /** The chance that a frame waits `reorderMs` longer. */
  reorder?: number;
  reorderMs?: number;
}

/** What the switch counted, in frames. */
export interface Counts {
  frames: number;
  lost: number;
  duplicated: number;
  corrupted: number;
  late: number;
  /** To an address that no port has. */
  unknown: number;
  /** Lost because too many waited. */
  noRoom: number;
  /** Not taken by the device, as when it is down. */
  refused: number;
}

/** A machine: a network namespace with one device and one address. */
export class Host {
  readonly namespace: string;
  /** Its port at the switch. */
  readonly index: number;
  address: string;

  constructor(namespace: string, index: number) {
    this.namespace = namespace;
    this.index = index;
    this.address = addressOf(index);
  }

  /** Starts a program on it. */
  start(command: string, flags: readonly string[], env: NodeJS.ProcessEnv = {}, stdout?: number): Program {
    const words = [...entering(this.namespace), command, ...flags];
    return new Program("nsenter", words, env, stdout === undefined ? {} : { stdout });
  }

  /** Runs a command on it to its end. */
  run(...words: string[]): Promise<string> {
    return inNamespace(this.namespace, ...words);
  }

  /** Has `ip` do these lines on it. */
  ip(...lines: string[]): Promise<void> {
    return ip(this.namespace, ...lines);
  }

  /** Gives it another address in the place of its own, as a router may when a lease is over. */
  async readdress(address: string): Promise<void> {
    this.address = address;
    await this.ip(
      "addr flush dev eth0",
      `addr add ${address}/24 dev eth0`,
      "route replace default dev eth0",
      "neigh flush all",
    );
  }

  async open(): Promise<void> {
    await this.ip(
      "link set lo up",
      `link set eth0 address 02:00:00:00:00:${this.index.toString(16).padStart(2, "0")}`,
      `addr add ${this.address}/24 dev eth0`,
      "link set eth0 up",
      // As on a machine with a router, so that multicast has a way.
      "route add default dev eth0",
    );
  }
}

function addressOf(index: number): string {
  return "10.77.0." + (index + 11);
}

/** Hosts at a switch of our own. */
export class Network {
  readonly hosts: readonly Host[];
  private readonly program: Program;
  private readonly answers: Interface;
  private readonly waiting: { resolve(answer: string): void; reject(error: Error): void }[] = [];

  private constructor(hosts: readonly Host[], seed: number) {
    this.hosts = hosts;
    this.program = new Program(SWITCH, [String(seed), ...hosts.map((host) => host.namespace)]);
    this.answers = createInterface({ input: this.program.child.stdout! });
    this.answers.on("line", (line) => this.waiting.shift()?.resolve(line));
    this.program.child.once("exit", () => {
      for (const { reject } of this.waiting) reject(new Error("the switch ended: " + this.program.stderr));
    });
  }

  /** Makes `count` hosts; what the switch does by chance follows from `seed`. */
  static async open(count: number, seed: number): Promise<Network> {
    const hosts: Host[] = [];
    for (let index = 0; index < count; index++) hosts.push(new Host(await makeNamespace(), index));
    const network = new Network(hosts, seed);
    await network.answer();
    for (const host of hosts) await host.open();
    return network;
  }

  /** Sets faults of what passes from one host to another; `undefined` stands for all hosts. */
  async link(from: Host | undefined, to: Host | undefined, faults: Faults): Promise<void> {
    const words = Object.entries(faults).map(([name, value]) => name + "=" + value);
    await this.command(["link", from?.index ?? "*", to?.index ?? "*", ...words].join(" "));
  }

  /** The same between all hosts. */
  linkAll(faults: Faults): Promise<void> {
    return this.link(undefined, undefined, faults);
  }

  /** Nothing passes between the two groups, in either direction. */
  async split(left: readonly Host[], right: readonly Host[]): Promise<void> {
    for (const a of left) {
      for (const b of right) {
        await this.link(a, b, { cut: 1 });
        await this.link(b, a, { cut: 1 });
      }
    }
  }

  /** Takes away all faults. */
  async clear(): Promise<void> {
    await this.command("clear");
  }

  async count(): Promise<Counts> {
    return JSON.parse(await this.command("count")) as Counts;
  }

  /** Ends the switch, and removes the hosts. Their programs have to be over. */
  async close(): Promise<void> {
    this.answers.close();
    this.program.kill("SIGKILL");
    for (const host of this.hosts) await removeNamespace(host.namespace);
  }

  private async command(line: string): Promise<string> {
    const answer = this.answer();
    this.program.child.stdin?.write(line + "\n");
    const text = await answer;
    if (text.startsWith("error")) throw new Error(`the switch says to "${line}": ${text}`);
    return text;
  }

  private answer(): Promise<string> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }
}
