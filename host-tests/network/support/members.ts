import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLI, type Program } from "../../agent/support/program.js";
import { FOCA_AGENT } from "../../interop/support/paths.js";
import { PORTS, type Implementation } from "./implementations.js";
import { Member, type Told } from "./member.js";
import type { Host } from "./network.js";
import { MEMBERLIST } from "./paths.js";

/** What the agent is started with beyond its address. */
export interface XswimExtras {
  flags?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Where its output goes instead. */
  stdout?: number;
  /** Whether nothing that it says comes here, so that others have to tell when it is there. */
  isSilent?: boolean;
}

const XSWIM_NEWS: Readonly<Record<string, Told["news"]>> = {
  memberUp: "up",
  memberDown: "dead",
  memberLeft: "left",
  memberSuspect: "suspect",
};

interface Identity {
  addr: string;
}

/** `xswim agent` with its default settings, bound to all addresses, as on a machine of its own. */
export class XswimMember extends Member {
  readonly implementation: Implementation;
  extras: XswimExtras;

  constructor(host: Host, extras: XswimExtras = {}, implementation: Implementation = "xswim") {
    super(host);
    this.implementation = implementation;
    this.extras = extras;
  }

  protected override get isSilent(): boolean {
    return this.extras.isSilent ?? false;
  }

  /** It follows its host. */
  get address(): string {
    return this.host.address + ":" + PORTS[this.implementation];
  }

  protected launch(seed: string | undefined): Program {
    const join_ = seed === undefined ? ["--no-discover"] : ["-a", seed];
    const bind = "0.0.0.0:" + PORTS[this.implementation];
    const flags = [CLI, "agent", bind, ...join_, "--no-control", "--json", ...(this.extras.flags ?? [])];
    return this.host.start(process.execPath, flags, this.extras.env, this.extras.stdout);
  }

  protected read(line: string): Told | "ready" | undefined {
    const told = JSON.parse(line) as {
      event: string;
      identity: Identity;
      before?: Identity;
      after?: Identity;
    };
    if (told.event === "ready") return "ready";
    const news = XSWIM_NEWS[told.event];
    return news === undefined ? undefined : { news, about: told.identity.addr };
  }
}

/** foca's own example agent. */
export class FocaMember extends Member {
  readonly implementation = "foca";
  /** The one that it was given, wherever it is. */
  readonly address: string;
  private readonly file: string;

  constructor(host: Host, folder: string) {
    super(host);
    this.address = host.address + ":" + PORTS.foca;
    this.file = join(folder, "foca-" + host.namespace);
  }

  protected launch(seed: string | undefined): Program {
    const flags = ["0.0.0.0:" + PORTS.foca, "-i", this.address, "-f", this.file];
    if (seed !== undefined) flags.push("-a", seed);
    return this.host.start(FOCA_AGENT, flags, { RUST_LOG: "foca=debug,info" });
  }

  protected read(line: string): Told | "ready" | undefined {
    // It says hello at once, after its socket was opened.
    if (line.includes("new custom broadcast")) return "ready";
    const [, about] = /member_id=ID\(([^,]*),/.exec(line) ?? [];
    if (about === undefined) return undefined;
    if (line.includes(" Member up ")) return { news: "up", about };
    if (line.includes(" Member down ")) return { news: "dead", about };
    return line.includes(" Member failed probe") ? { news: "suspect", about } : undefined;
  }
}

const MEMBERLIST_NEWS: Readonly<Record<string, Told["news"]>> = {
  join: "up",
  dead: "dead",
  left: "left",
  suspect: "suspect",
};

/** Our own program on hashicorp's memberlist. */
export class MemberlistMember extends Member {
  readonly implementation = "memberlist";
  /** Its name, which is the address that it had first. */
  readonly address: string;

  constructor(host: Host) {
    super(host);
    this.address = host.address + ":" + PORTS.memberlist;
  }

  protected launch(seed: string | undefined): Program {
    return this.host.start(MEMBERLIST, [
      this.address,
      "0.0.0.0:" + PORTS.memberlist,
      ...(seed === undefined ? [] : [seed]),
    ]);
  }

  protected read(line: string): Told | "ready" | undefined {
    const { event, member } = JSON.parse(line) as { event: string; member: string };
    if (event === "ready") return "ready";
    const news = MEMBERLIST_NEWS[event];
    return news === undefined ? undefined : { news, about: member };
  }
}

/** One on that host, by the name of its implementation; files of its own go into the folder. */
export function memberOf(implementation: Implementation, host: Host, folder: string): Member {
  if (implementation === "foca") return new FocaMember(host, folder);
  if (implementation === "xswim sealed") {
    const path = join(folder, "key");
    writeFileSync(path, "5f0c6f1d9a2b4e8893d7c1e0a4b65217\n", { mode: 0o600 });
    return new XswimMember(host, { flags: ["--key-file", path] }, implementation);
  }
  return implementation === "memberlist" ? new MemberlistMember(host) : new XswimMember(host);
}
