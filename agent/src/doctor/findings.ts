/** Something that a guest found, as a sentence with what to do. */
export interface Finding {
  readonly kind:
    | "nobodyListens"
    | "silent"
    | "otherCodec"
    | "sealed"
    | "plain"
    | "otherKey"
    | "unreachable"
    | "noAnswer"
    | "otherSource"
    | "clockAhead"
    | "noClock"
    | "packetSize"
    | "suspects"
    | "alone"
    | "discovery";
  /** Whether something is wrong, or may be as it should. */
  readonly isProblem: boolean;
  readonly text: string;
}

/** A member as the guest saw it. */
export interface SeenMember {
  addr: string;
  bump: number | string;
  state: "Alive" | "Suspect";
  /** Milliseconds until it answered; null when it did not. */
  rttMs: number | null;
  /** How many datagrams came from it. */
  datagrams: number;
  pings: number;
  /** The endpoint that they came from, when that is not its address; else null. */
  otherSource: string | null;
}

/** What the guest saw. */
export interface Sight {
  readonly target: string;
  readonly guest: string;
  readonly seconds: number;
  readonly codec: string;
  /** The key file that was given. */
  readonly keyFile: string | null;
  readonly isAnswered: boolean;
  /** Whether the machine at `target` said that nobody listens at the port. */
  readonly isRefused: boolean;
  /** The other wire format, when the cluster answered in that. */
  readonly answeredIn: string | null;
  /** Whether it answered to a guest without keys. */
  readonly isPlain: boolean;
  /** Datagrams that were sealed while we have no key, or under another key than ours. */
  readonly sealed: number;
  readonly underOtherKeys: number;
  readonly members: readonly SeenMember[];
  /** Pings that came from members, and from how many whom we had sent nothing before. */
  readonly pings: number;
  /** How often the others suspected the guest, or declared it Down. */
  readonly suspicions: number;
  readonly connectedSeconds: number;
  readonly largestBytes: number;
  readonly maxPacketSize: number;
  readonly nowSeconds: number;
  /** Members that were found by multicast; undefined when nobody looked for any. */
  readonly discovered?: readonly string[];
}

/** How far ahead a clock may be, in seconds; a bump also grows by one with each rejoin. */
const CLOCK_TOLERANCE_S = 300;
/** Bumps below this are no times: it was in 2001. */
const FIRST_TIME = 1_000_000_000;
/** How long a reachable guest may wait for its first Ping, in seconds. */
const PING_PATIENCE_S = 5;
/** Members that a sentence names. */
const MOST_NAMES = 8;

/** Says what is wrong in what a guest saw; the gravest first. */
export function findingsOf(sight: Sight): Finding[] {
  if (!sight.isAnswered) return [silence(sight)];
  const checks = [reachability, answers, sources, clocks, packets, suspects, company, discovery];
  return checks.flatMap((check) => check(sight));
}

/** Why nobody may have answered. */
function silence(sight: Sight): Finding {
  const { target, guest, codec, keyFile, answeredIn, seconds } = sight;
  if (answeredIn !== null) {
    const text =
      "The cluster speaks the wire format " +
      answeredIn +
      ", and not " +
      codec +
      ": say --codec " +
      answeredIn;
    return problem("otherCodec", text + ", here and where your agents start.");
  }
  if (sight.isPlain)
    return problem(
      "plain",
      "The cluster answers without a key: its datagrams are not sealed. Leave --key-file out, or give its members the keys.",
    );
  if (sight.underOtherKeys > 0 || (sight.sealed > 0 && keyFile !== null))
    return problem(
      "otherKey",
      "The cluster seals its datagrams under other keys than those in " + keyFile + ": compare the files.",
    );
  if (sight.sealed > 0)
    return problem(
      "sealed",
      "The cluster seals its datagrams, and there is no key to open them: say --key-file.",
    );
  if (sight.isRefused)
    return problem(
      "nobodyListens",
      "Nobody listens at " +
        target +
        ": the machine refuses datagrams there. Start the agent, or correct the port.",
    );
  const key =
    keyFile === null
      ? "seals its datagrams, and ignores who has no key (say --key-file)"
      : "has other keys than " + keyFile;
  return problem(
    "silent",
    "Nobody answered at " +
      target +
      " within " +
      seconds +
      " s. Either it " +
      key +
      "; or a firewall drops datagrams of UDP " +
      "on the way there or back; or " +
      guest +
      ", where answers go, is no address that can be reached from there (say --identity).",
  );
}

function reachability(sight: Sight): Finding[] {
  const { guest, pings, suspicions, connectedSeconds } = sight;
  const isIgnored = pings === 0 && connectedSeconds >= PING_PATIENCE_S;
  if (!isIgnored && suspicions === 0) return [];
  const told =
    suspicions === 0
      ? "No member's Ping reached " + guest + " within " + Math.round(connectedSeconds) + " s"
      : "The others suspected " +
        guest +
        " " +
        times(suspicions) +
        ", because it does not answer their Pings in time";
  return [
    problem(
      "unreachable",
      told +
        ", though the guest hears the cluster: the link is one-way. Let UDP datagrams through to that port, or say at " +
        "which address others reach this machine (--identity).",
    ),
  ];
}

/** Members that others list, and that do not answer. */
function answers({ members }: Sight): Finding[] {
  const silent = members.filter((member) => member.rttMs === null);
  const heard = silent.filter((member) => member.datagrams > 0);
  const unheard = silent.filter((member) => member.datagrams === 0);
  const found: Finding[] = [];
  if (heard.length > 0)
    found.push(
      problem(
        "noAnswer",
        names(heard) + ": datagrams come from there, but no answer. The link from here to there is one-way.",
      ),
    );
  if (unheard.length > 0)
    found.push(
      problem(
        "noAnswer",
        names(unheard) +
          ": listed by others, but silent to us. Either it is dead and will be found Down soon, or the link " +
          "between here and there is cut: look at the firewalls, and run xswim ping on a member.",
      ),
    );
  return found;
}

function sources({ members }: Sight): Finding[] {
  return members
    .filter((member) => member.otherSource !== null)
    .slice(0, MOST_NAMES)
    .map(({ addr, otherSource }) =>
      problem(
        "otherSource",
        addr +
          " sends from " +
          otherSource +
          ": it is behind an address translation, or names a wrong address of its own " +
          "(its --identity).",
      ),
    );
}

function clocks({ members, nowSeconds }: Sight): Finding[] {
  const ahead = members.filter(({ bump }) => Number(bump) > nowSeconds + CLOCK_TOLERANCE_S);
  const without = members.filter(({ bump }) => Number(bump) < FIRST_TIME);
  const found = ahead
    .slice(0, MOST_NAMES)
    .map(({ addr, bump }) =>
      problem(
        "clockAhead",
        addr +
          " has bump " +
          bump +
          ", which is " +
          spanOf(Number(bump) - nowSeconds) +
          " in the future: its clock is wrong, or " +
          "this machine's. When it is set right, the member comes back late unless it keeps its bump (--state).",
      ),
    );
  if (without.length > 0)
    found.push(
      note(
        "noClock",
        names(without) +
          ": the bump is no time. That is right for a device without a clock that has a store.",
      ),
    );
  return found;
}

function packets({ largestBytes, maxPacketSize }: Sight): Finding[] {
  if (largestBytes <= maxPacketSize) return [];
  return [
    problem(
      "packetSize",
      "Datagrams of " +
        largestBytes +
        " bytes came, and members with these settings send " +
        maxPacketSize +
        " at most: some " +
        "members have other settings (--config).",
    ),
  ];
}

function suspects({ members }: Sight): Finding[] {
  const suspected = members.filter((member) => member.state === "Suspect");
  return suspected.length === 0 ? [] : [note("suspects", names(suspected) + ": suspected just now.")];
}

function company({ members, target }: Sight): Finding[] {
  return members.length > 1 ? [] : [note("alone", target + " knows no other member.")];
}

function discovery({ discovered, members }: Sight): Finding[] {
  if (discovered === undefined) return [];
  if (members.some(({ addr }) => discovered.includes(addr))) return [];
  return [
    problem(
      "discovery",
      "No member of this cluster was found nearby, though it can be reached: its members look for nobody (--discover), are of " +
        "another name (--cluster) or of another network, or the network filters multicast and broadcasts. They then need --announce.",
    ),
  ];
}

function problem(kind: Finding["kind"], text: string): Finding {
  return { kind, isProblem: true, text };
}

function note(kind: Finding["kind"], text: string): Finding {
  return { kind, isProblem: false, text };
}

function names(members: readonly SeenMember[]): string {
  const named = members.slice(0, MOST_NAMES).map(({ addr }) => addr);
  const more = members.length - named.length;
  return named.join(", ") + (more > 0 ? " and " + more + " more" : "");
}

function times(count: number): string {
  return count === 1 ? "once" : count + " times";
}

function spanOf(seconds: number): string {
  if (seconds < 7200) return Math.round(seconds / 60) + " min";
  return seconds < 172_800 ? Math.round(seconds / 3600) + " h" : Math.round(seconds / 86_400) + " days";
}
