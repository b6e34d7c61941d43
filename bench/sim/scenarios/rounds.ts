import { makeHeader, MessageKind, State, type Header } from "../../../core/index.js";
import { UNKNOWN, type Belief } from "../beliefs.js";
import type { Run } from "../run.js";

/** Of so many probes one goes to the successor (`probeSuccessor`), apart from the round. */
const PROBES_A_SUCCESSOR = 4;

/**
 * Counts the probes that a host makes between two moments in which it probes, or hears, one and the same member that it
 * holds active all the while. In SWIM's rounds these are fewer than twice the members (SWIM paper, section 4.3), those that go to the
 * successor apart. Strangers count as members; their numbers follow those of the hosts.
 */
export class Rounds {
  private readonly run: Run;
  private readonly numMembers: number;
  private readonly identityOf: (stranger: number) => unknown;
  /** The number of a host's latest probe. */
  private readonly numberOf: Int32Array;
  /** Probes that a host has made. */
  private readonly probesOf: Int32Array;
  /** How many it had made when it last probed or heard a member, row by row. */
  private readonly lastOf: Int32Array;
  private readonly header: Header<unknown>;
  /** The most probes that there may be. */
  readonly limit: number;
  private longest = 0;
  private readonly reported = new Set<number>();

  /** `identityOf` names a stranger. */
  constructor(run: Run, numStrangers: number, identityOf: (stranger: number) => unknown) {
    this.run = run;
    this.identityOf = identityOf;
    const { hosts, naming, codec, network, onTransition } = run.world;
    this.numMembers = hosts.length + numStrangers;
    this.numberOf = new Int32Array(hosts.length).fill(-1);
    this.probesOf = new Int32Array(hosts.length);
    this.lastOf = new Int32Array(hosts.length * this.numMembers);
    this.header = makeHeader({ schema: naming.type.schema, dialect: codec.dialect });
    const ofRounds = 2 * (this.numMembers - 1) - 1;
    this.limit = Math.ceil((ofRounds * PROBES_A_SUCCESSOR) / (PROBES_A_SUCCESSOR - 1)) + 1;
    network.onSend = (from, to, data, length) => this.sent(from, to, data, length);
    onTransition.push(({ observer, subject, state, stateBefore }) => {
      if (isActive(state) !== isActive(stateBefore)) this.reset(observer, subject);
    });
  }

  /** Notes the most probes that were counted. */
  note(): void {
    this.run.add("probesBetween", "1", this.longest);
  }

  private reset(observer: number, member: number): void {
    this.lastOf[observer * this.numMembers + member] = this.probesOf[observer];
  }

  private sent(from: number, to: number, data: Uint8Array, length: number): void {
    const { world } = this.run;
    if (to >= 0 && to < world.hosts.length) this.reset(to, from);
    world.codec.readHeader(this.header, data, 0, length);
    // Helpers of a probe are pinged under its number.
    if (this.header.kind !== MessageKind.Ping || this.header.probeNumber === this.numberOf[from]) return;
    this.numberOf[from] = this.header.probeNumber;
    this.probesOf[from]++;
    if (to >= 0 && to < this.numMembers) this.reset(from, to);
    for (let member = 0; member < this.numMembers; member++) if (member !== from) this.look(from, member);
  }

  private look(observer: number, member: number): void {
    const at = observer * this.numMembers + member;
    const probes = this.probesOf[observer] - this.lastOf[at];
    if (probes <= this.longest && probes <= this.limit) return;
    if (!this.holds(observer, member)) return this.reset(observer, member);
    this.longest = Math.max(this.longest, probes);
    if (probes <= this.limit || this.reported.has(at)) return;
    this.reported.add(at);
    const { world } = this.run;
    const who = member < world.hosts.length ? `host ${member}` : `stranger ${member - world.hosts.length}`;
    world.violate("rounds", `host ${observer} has not probed ${who} among ${probes} probes`);
  }

  private holds(observer: number, member: number): boolean {
    const { beliefs, hosts } = this.run.world;
    if (member < hosts.length) return beliefs.isActive(observer, member);
    return hosts[observer].swim?.knows(this.identityOf(member - hosts.length)) ?? false;
  }
}

function isActive(state: Belief): boolean {
  return state !== UNKNOWN && state !== State.Down;
}
