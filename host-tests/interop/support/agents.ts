import { readFileSync } from "node:fs";
import { join } from "node:path";
import { focaProgram } from "../../../bench/sim/foca-crate.js";
import { endAll, Program, xswim } from "../../agent/support/program.js";
import { until } from "../../node/support/until.js";
import { FOCA_AGENT } from "./paths.js";

export { endAll, until };

export interface AgentOptions {
  /** Where the members file goes. */
  folder: string;
  /** The address to bind. */
  bind: string;
  /** The address others use, when it is another. */
  identity?: string | undefined;
}

/** An agent of either kind at one address, through all its lives. */
export abstract class Agent {
  /** The address others use. */
  readonly address: string;
  protected readonly bind: string;
  protected readonly file: string;
  program!: Program;

  constructor({ folder, bind, identity }: AgentOptions) {
    this.bind = bind;
    this.address = identity ?? bind;
    this.file = join(folder, "members-" + bind.replace(":", "-"));
  }

  /** Starts it, and waits until its socket is open. */
  abstract start(seed?: string): Promise<void>;

  protected flags(seed: string | undefined): string[] {
    const flags = [this.bind, "-f", this.file];
    if (this.address !== this.bind) flags.push("-i", this.address);
    return seed === undefined ? flags : [...flags, "-a", seed];
  }

  /** The active members by its file, sorted; none while there is no file, which foca takes away to replace it. */
  members(): string[] {
    try {
      const text = readFileSync(this.file, "utf8");
      return text
        .split("\n")
        .filter((line) => line !== "")
        .sort();
    } catch {
      return [];
    }
  }

  /** What it was told by custom broadcasts. */
  abstract heard(): string[];

  /** Ends it without a word to anybody. */
  async kill(): Promise<void> {
    this.program.kill("SIGKILL");
    await this.program.ended();
  }
}

/** foca's own example agent. */
export class FocaAgent extends Agent {
  async start(seed?: string): Promise<void> {
    this.program = new Program(FOCA_AGENT, this.flags(seed), { RUST_LOG: "foca=debug,info" });
    // It publishes at once, after its socket was opened.
    await this.program.untilPrinted("new custom broadcast");
  }

  heard(): string[] {
    return [...this.program.stdout.matchAll(/new custom broadcast.*payload="(.*)"/g)].map(([, text]) => text);
  }
}

/** `xswim agent` with its default settings, which are those of foca's. */
export class XswimAgent extends Agent {
  async start(seed?: string): Promise<void> {
    this.program = xswim("agent", ...this.flags(seed), "--json");
    await this.program.until("it is ready", () => this.program.eventsOf("ready").length > 0);
  }

  heard(): string[] {
    return ["value", "broadcast"].flatMap((name) =>
      this.program.eventsOf(name).map((event) => String(event["text"])),
    );
  }

  /** The bumps under which a member came up, in order. */
  bumpsOf(address: string): number[] {
    const identities = this.program.eventsOf("memberUp").map((event) => event["identity"]) as Identity[];
    return identities.filter(({ addr }) => addr === address).map(({ bump }) => bump);
  }

  /** Has it leave; returns its counters. */
  async leave(): Promise<Record<string, number>> {
    this.program.kill("SIGTERM");
    await this.program.ended();
    return this.program.eventsOf("left")[0]["metrics"] as Record<string, number>;
  }
}

interface Identity {
  addr: string;
  bump: number;
}

/** Our agent on the published foca that leaves when its standard input ends. */
export function focaLeaver(bind: string, seed: string): Program {
  return new Program(focaProgram(), ["leaver", bind, seed]);
}

/** Whether every one of them knows all the others, and nobody else. */
export function allKnowAllOthers(agents: readonly Pick<Agent, "address" | "members">[]): boolean {
  const addresses = agents.map((agent) => agent.address).sort();
  return agents.every((agent) => {
    const others = addresses.filter((address) => address !== agent.address);
    return agent.members().join() === others.join();
  });
}
