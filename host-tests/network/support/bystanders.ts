import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waited } from "./cluster.js";
import { XswimMember, type XswimExtras } from "./members.js";
import { Network } from "./network.js";

/** How long something may take that takes seconds. */
const LIMIT_MS = 60_000;
const AGENTS = 4;

/** Agents of ours, the last of which has something happen to its machine while the others look on. */
export class Bystanders {
  readonly folder = mkdtempSync(join(tmpdir(), "xswim-machine-"));
  readonly network: Network;
  /** The first is the seed of the others. */
  readonly others: readonly XswimMember[];
  readonly victim: XswimMember;
  private beganMs = 0;

  private constructor(network: Network) {
    this.network = network;
    const members = network.hosts.map((host) => new XswimMember(host));
    this.others = members.slice(0, -1);
    this.victim = members[AGENTS - 1];
  }

  static async open(): Promise<Bystanders> {
    return new Bystanders(await Network.open(AGENTS, 1));
  }

  /** Starts all; waits until all know all. What the last one knows is in its members file. */
  async start(extras: XswimExtras): Promise<void> {
    this.victim.extras = { ...extras, flags: [...(extras.flags ?? []), "-f", this.membersFile] };
    const [seed] = this.others;
    await seed.start();
    for (const member of [...this.others.slice(1), this.victim]) await member.start(seed.address);
    await this.until("all know all", () => this.othersKnowVictim() && this.victimKnows(this.others));
    this.beganMs = performance.now();
  }

  get membersFile(): string {
    return join(this.folder, "members");
  }

  /** Whether the file of the last one has these, and nobody else. */
  victimKnows(members: readonly XswimMember[]): boolean {
    if (!existsSync(this.membersFile)) return false;
    const known = readFileSync(this.membersFile, "utf8").split("\n").slice(0, -1).sort().join();
    return (
      known ===
      members
        .map(({ address }) => address)
        .sort()
        .join()
    );
  }

  othersKnowVictim(): boolean {
    return this.others.filter((other) => other.isAlive).every((other) => other.knows(this.victim.address));
  }

  /** How often the last one was declared dead since all knew all. */
  deathsOfVictim(): number {
    return this.others
      .flatMap((other) => other.deathsSince(this.beganMs))
      .filter(({ about }) => about === this.victim.address).length;
  }

  /** Kills one of the others, which the last one is to find out, too. Returns those that are left. */
  async loseOne(): Promise<readonly XswimMember[]> {
    const left = this.others.slice(0, -1);
    const lost = this.others[left.length];
    await lost.kill();
    await this.until("the others miss it", () => left.every((each) => !each.knows(lost.address)));
    return left;
  }

  /** How many members a state file has that are not down. */
  activeIn(path: string): number {
    const { members } = JSON.parse(readFileSync(path, "utf8")) as { members: { state: string }[] };
    return members.filter(({ state }) => state !== "Down").length;
  }

  /** Waits until it holds. @throws Error when it takes too long. */
  async until(what: string, holds: () => boolean, limitMs = LIMIT_MS): Promise<void> {
    if ((await waited(holds, limitMs)) !== undefined) return;
    const said = this.victim.program.stderr + this.victim.program.lines().slice(-10).join("\n");
    throw new Error(`waited in vain until ${what}\n${said}`);
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.others, this.victim].filter((each) => each.isAlive).map((each) => each.kill()),
    );
    await this.network.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
