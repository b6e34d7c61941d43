import { performance } from "node:perf_hooks";
import { lan, type HeaderValue, type Integer64, type Member, type Renewable } from "xswim";
import { SwimNode, type ClusterKey, type SwimNodeOptions } from "xswim/node";

/** How often the view is compared with what it was. */
const LOOK_PERIOD_MS = 100;

/** What the observer knows of one member. */
export interface MemberView {
  readonly address: string;
  readonly bump: Integer64 | undefined;
  /** `Unknown` before it was ever heard of. */
  readonly state: Member<unknown>["state"] | "Unknown";
  readonly incarnation: number | undefined;
  readonly roundTripMs: number | undefined;
}

/** A change of one member, as the observer noticed it. */
export type OnChange = (before: MemberView, after: MemberView) => void;

/** What a member has published, and its address. */
export type OnValue = (address: string, text: string) => void;

interface SentPing {
  readonly probeNumber: number | undefined;
  readonly atMs: number;
}

/** A member of the cluster that watches the others, and how long they take to answer its probes. */
export class Observer {
  readonly address: string;
  private readonly node: SwimNode<Renewable, string, "text">;
  private readonly pings = new Map<string, SentPing>();
  private readonly roundTripsMs = new Map<string, number>();
  private readonly views = new Map<string, MemberView>();
  private readonly onChange: OnChange;
  private looking: NodeJS.Timeout | undefined;
  /** Resolves when the socket is open, rejects when it does not open. */
  readonly opened: Promise<void>;

  /** @param keys of the cluster, where it has some. */
  constructor(
    address: string,
    port: number,
    clusterSize: number,
    onChange: OnChange,
    onValue: OnValue,
    keys?: readonly ClusterKey[],
  ) {
    this.onChange = onChange;
    let isOpen!: () => void;
    let isNotOpen!: (error: unknown) => void;
    this.opened = new Promise((resolve, reject) => ([isOpen, isNotOpen] = [resolve, reject]));
    const options: SwimNodeOptions<Renewable, string, "text"> = {
      address,
      port,
      config: lan(clusterSize),
      value: "text",
      onValue: (text, { addr }) => onValue(addr, text),
      onReady: () => isOpen(),
      onError: (error) => isNotOpen(error),
      onDatagramSent: (header) => this.sent(header),
      onDatagramReceived: (header) => this.received(header),
    };
    if (keys !== undefined) options.keys = keys;
    this.node = new SwimNode(options);
    this.address = this.node.identity.addr;
    this.looking = setInterval(() => this.look(), LOOK_PERIOD_MS);
  }

  /** The observer as a member. */
  self(): MemberView {
    const { identity, swim } = this.node;
    const state = swim.isDefunct ? "Down" : "Alive";
    const { addr: address, bump } = identity;
    return { address, bump, state, incarnation: swim.incarnation, roundTripMs: undefined };
  }

  /** What is known of the member at `address`. */
  view(address: string): MemberView {
    const known = this.views.get(address);
    if (known !== undefined) return { ...known, roundTripMs: this.roundTripsMs.get(address) };
    return { address, bump: undefined, state: "Unknown", incarnation: undefined, roundTripMs: undefined };
  }

  /** Tells the cluster that the observer leaves. */
  leave(): void {
    clearInterval(this.looking);
    this.node.leave();
  }

  close(): void {
    clearInterval(this.looking);
    this.node.close();
  }

  private look(): void {
    for (const { identity, incarnation, state } of this.node.swim.membershipState()) {
      const before = this.view(identity.addr);
      if (state === "Down") this.roundTripsMs.delete(identity.addr);
      const { addr: address, bump } = identity;
      const after = { address, bump, state, incarnation, roundTripMs: this.roundTripsMs.get(address) };
      this.views.set(address, after);
      const isSame = before.state === state && before.bump === bump && before.incarnation === incarnation;
      if (!isSame) this.onChange(before, after);
    }
  }

  private sent({ message, destination }: HeaderValue<Renewable>): void {
    if (message.kind !== "Ping") return;
    this.pings.set(destination.addr, { probeNumber: message.probeNumber, atMs: performance.now() });
  }

  private received({ message, source }: HeaderValue<Renewable>): void {
    const ping = this.pings.get(source.addr);
    if (message.kind !== "Ack" || ping === undefined || ping.probeNumber !== message.probeNumber) return;
    this.roundTripsMs.set(source.addr, performance.now() - ping.atMs);
    this.pings.delete(source.addr);
  }
}
