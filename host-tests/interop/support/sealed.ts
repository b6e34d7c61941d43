import { focaProgram } from "../../../bench/sim/foca-crate.js";
import { lan } from "../../../core/index.js";
import { Program } from "../../agent/support/program.js";
import { Heard } from "../../node/support/nodes.js";
import { until } from "../../node/support/until.js";
import type { SwimNodeOptions } from "../../../platform/node/index.js";
import { SealMetric } from "../../../platform/shared/seal-metrics.js";

/** A key of a cluster, in hex digits. */
export interface Key {
  id: number;
  secret: string;
}

type Sealing = NonNullable<SwimNodeOptions["sealing"]>;

/** A member in a sealed cluster, or in front of one. */
export interface SealedMember {
  readonly address: string;
  start(seed?: string): Promise<void>;
  /** The active members that it knows, sorted. */
  members(): string[];
  /** Who ever came up for it. */
  everUp(): string[];
  /** Whether it refused a datagram for this reason since it started. */
  hasRefused(reason: Reason): boolean;
  publish(text: string): void;
  /** What it heard, as `127.0.0.1:7000 says hello`. */
  heard(): string[];
  /** Ends it without a word to anybody. */
  kill(): Promise<void>;
}

/** The counter of a node, by the name that the Rust crate prints. */
const COUNTERS = {
  refusedPlain: SealMetric.RefusedPlain,
  unknownKey: SealMetric.UnknownKey,
  reflected: SealMetric.Reflected,
  replayed: SealMetric.Replayed,
  forged: SealMetric.Forged,
};
export type Reason = keyof typeof COUNTERS;

/** `sealed-agent`, our own on the published foca. */
export class SealedFoca implements SealedMember {
  readonly address: string;
  private readonly key: Key | undefined;
  private readonly sealing: Sealing | undefined;
  private program!: Program;

  constructor(port: number, key?: Key, sealing?: Sealing) {
    this.address = "127.0.0.1:" + port;
    this.key = key;
    this.sealing = sealing;
  }

  async start(seed?: string): Promise<void> {
    const flags = ["--bind", this.address];
    if (seed !== undefined) flags.push("--announce", seed);
    if (this.key !== undefined) flags.push("--key", this.key.secret, "--key-id", String(this.key.id));
    if (this.sealing !== undefined) flags.push("--sealing", this.sealing);
    this.program = new Program(focaProgram("sealed-agent"), flags);
    await this.program.until("it is ready", () => this.program.eventsOf("ready").length > 0);
  }

  members(): string[] {
    const active = new Set<string>();
    for (const { event, identity } of this.program.events()) {
      if (event === "memberUp") active.add(addressOf(identity));
      if (event === "memberDown" || event === "memberLeft") active.delete(addressOf(identity));
    }
    return [...active].sort();
  }

  everUp(): string[] {
    return this.program.eventsOf("memberUp").map(({ identity }) => addressOf(identity));
  }

  hasRefused(reason: Reason): boolean {
    return this.program.eventsOf("refused").some((event) => event["reason"] === reason);
  }

  publish(text: string): void {
    this.program.child.stdin?.write(text + "\n");
  }

  heard(): string[] {
    return this.program.eventsOf("broadcast").map(({ from, text }) => String(from) + " says " + String(text));
  }

  async kill(): Promise<void> {
    this.program.kill("SIGKILL");
    await this.program.ended();
  }
}

/** A `SwimNode` with the settings of foca's agents. */
export class SealedXswim implements SealedMember {
  readonly address: string;
  private readonly port: number;
  private readonly key: Key | undefined;
  private readonly sealing: Sealing | undefined;
  private heardBy!: Heard;

  constructor(port: number, key?: Key, sealing?: Sealing) {
    this.port = port;
    this.address = "127.0.0.1:" + port;
    this.key = key;
    this.sealing = sealing;
  }

  async start(seed?: string): Promise<void> {
    const options: Partial<SwimNodeOptions> = { config: lan(10) };
    if (seed !== undefined) options.seeds = [seed];
    if (this.key !== undefined) options.keys = [this.key];
    if (this.sealing !== undefined) options.sealing = this.sealing;
    this.heardBy = new Heard(this.port, options);
    await until("it is ready", () => this.heardBy.told.includes("ready"));
  }

  members(): string[] {
    return this.heardBy.node
      .members()
      .map(({ identity }) => identity.addr)
      .sort();
  }

  everUp(): string[] {
    return this.heardBy.told.filter((what) => what.startsWith("up ")).map((what) => what.slice(3));
  }

  hasRefused(reason: Reason): boolean {
    return (this.heardBy.node.seal?.metrics[COUNTERS[reason]] ?? 0) > 0;
  }

  publish(text: string): void {
    this.heardBy.node.publish(new TextEncoder().encode(text));
  }

  heard(): string[] {
    return this.heardBy.told.filter((what) => what.includes(" says "));
  }

  kill(): Promise<void> {
    this.heardBy.node.close();
    return Promise.resolve();
  }
}

function addressOf(identity: unknown): string {
  return (identity as { addr: string }).addr;
}
