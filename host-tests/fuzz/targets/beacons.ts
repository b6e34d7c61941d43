// Beacons and what multicast DNS found, of anybody near, while a node looks for others or answers them.
import { bincode } from "../../../core/codec.js";
import { lan } from "../../../core/config.js";
import { renewableAddr, type IdentityType, type Renewable } from "../../../core/identity.js";
import { Swim } from "../../../core/swim.js";
import { ANSWER, ASK, Beacon, LONGEST_BEACON } from "../../../platform/shared/beacon.js";
import { Discovery } from "../../../platform/shared/discovery.js";
import { mark } from "../engine/counters.js";
import { Dice } from "../engine/dice.js";
import { Image } from "../engine/image.js";
import { must, type Input, type Target } from "../engine/target.js";

const MOST_FOUND = 8;
const MOST_ANSWERS = 4;
/** Those that were found are called once in that time at most. */
const CALL_MS = 200;
const HOSTS = [
  "10.0.0.2",
  "10.0.0.3",
  "10.0.0.4",
  "10.0.0.5",
  "10.0.0.6",
  "10.0.0.7",
  "10.0.0.8",
  "10.0.0.9",
  "10.0.0.10",
  "10.0.0.1",
  "fe80::1%eth0",
  "::1",
  "",
  "0.0.0.0",
  "255.255.255.255",
  "x:y",
  "999.1.1.1",
];
const CLUSTERS = ["home", "", "other", "a b", "x".repeat(32)];
const PASS_MS = [0, 1, 50, 100, 400, 1000, 2000, 10_000, 30_000, 500_000];
const CONSTANT: ReadonlySet<string> = new Set([
  "image",
  "config",
  "type",
  "codec",
  "dialect",
  "schema",
  "tally",
  "dictionary",
  "covers",
]);

class Beacons implements Target {
  readonly name = "beacons";
  readonly about = "beacons, and services that multicast DNS found, of anybody near";
  readonly covers = ["platform/shared/beacon.ts", "platform/shared/discovery.ts"];
  readonly maxRecords = 24;
  readonly maxLength = LONGEST_BEACON + 4;
  readonly tally = { beacons: 0 };
  private nowMs = 5000;
  private armedMs = Infinity;
  private calls = 0;
  private lastCallMs = -Infinity;
  private readonly dice = new Dice(9);
  private readonly swim: Swim<Renewable>;
  private readonly discovery: Discovery<Renewable>;
  private readonly image: Image;

  constructor() {
    this.swim = new Swim<Renewable>({
      identity: { addr: "10.0.0.1:7946", bump: 1 },
      identityType: renewableAddr,
      codec: bincode,
      config: { ...lan(8), maxMembers: 20, initialMembers: 20 },
      random: () => this.dice.bits(),
      runtime: {
        now: () => this.nowMs,
        submitAfter: () => undefined,
        sendTo: () => {
          this.calls++;
          must(this.nowMs - this.lastCallMs >= CALL_MS, "calls follow each other too fast");
          this.lastCallMs = this.nowMs;
        },
      },
    });
    this.discovery = new Discovery<Renewable>(
      {
        swim: this.swim,
        seal: undefined,
        type: renewableAddr as IdentityType<Renewable>,
        port: 7946,
        codec: "bincode",
        cluster: "home",
        random: () => this.dice.bits(),
        now: () => this.nowMs,
        // An address that is none is told of, and that is all.
        failed: (error) => must(error instanceof Error, "a failure"),
        nobodyFound: () => undefined,
      },
      {
        arm: (ms) => {
          must(ms >= 1, "it is woken without a pause");
          this.armedMs = this.nowMs + ms;
        },
        ask: () => undefined,
        broadcast: (bytes, start, end) => this.sent(bytes, start, end, ASK),
        answer: (_address, _port, bytes, start, end) => this.sent(bytes, start, end, ANSWER),
        close: () => undefined,
      },
    );
    this.discovery.wake();
    this.image = new Image([this.swim, this.discovery, this.dice, this], CONSTANT);
  }

  seeds(): Input[] {
    const dice = new Dice(4);
    return Array.from({ length: 12 }, () => Array.from({ length: 8 }, () => this.make(dice)));
  }

  make(dice: Dice): Uint8Array {
    const kind = dice.below(8);
    if (kind > 4) return Uint8Array.of(kind, dice.below(256), dice.below(256));
    const beacon = new Beacon();
    beacon.kind = dice.below(16) === 0 ? dice.below(256) : 1 + dice.below(2);
    beacon.codec = dice.oneIn(8) ? dice.below(256) : 0;
    beacon.id = dice.bits();
    beacon.port = dice.oneIn(4) ? dice.below(65536) : 7946;
    beacon.cluster = dice.oneIn(4) ? dice.of(CLUSTERS) : "home";
    const bytes = new Uint8Array(4 + LONGEST_BEACON + 8);
    bytes[0] = kind;
    bytes[1] = dice.below(256);
    return bytes.slice(0, beacon.write(bytes, 2));
  }

  run(input: Input): void {
    this.image.restore();
    for (const record of input) if (record.length > 1) this.play(record);
    const { discovery } = this;
    must(discovery["candidates"].length <= MOST_FOUND, "more are kept than MOST_FOUND");
    must(discovery["answers"].length <= MOST_ANSWERS, "more answers wait than MOST_ANSWERS");
  }

  private play(record: Uint8Array): void {
    const { discovery, swim } = this;
    const [kind, first, second = 0] = record;
    switch (kind % 8) {
      case 5:
        this.pass(PASS_MS[first % PASS_MS.length]);
        break;
      case 6:
        discovery.take(HOSTS[first % HOSTS.length], second * 257);
        break;
      case 7: {
        const identity = { addr: HOSTS[first % 10] + ":7946", bump: 1 };
        const state = second % 3 === 0 ? "Down" : "Alive";
        if (!swim.isSelf(identity)) swim.applyMany([{ identity, incarnation: 0, state }], false);
        break;
      }
      default:
        this.tally.beacons++;
        this.readBack(record);
        discovery.heard(record, 2, record.length, HOSTS[first % HOSTS.length], 1 + first);
    }
    mark((swim.isConnected ? 64 : 0) + discovery["candidates"].length * 8 + discovery["answers"].length);
  }

  private pass(ms: number): void {
    const end = this.nowMs + ms;
    for (let i = 0; i < 40 && this.armedMs <= end; i++) {
      this.nowMs = Math.max(this.nowMs, this.armedMs);
      this.armedMs = Infinity;
      this.discovery.wake();
      must(this.armedMs < Infinity, "it will be woken");
    }
    this.nowMs = end;
  }

  /** What is read as a beacon is written as it was. */
  private readBack(record: Uint8Array): void {
    const beacon = new Beacon();
    if (!beacon.read(record, 2, record.length)) return;
    const out = new Uint8Array(LONGEST_BEACON);
    const end = beacon.write(out, 0);
    must(
      Buffer.compare(out.subarray(0, end), record.subarray(2)) === 0,
      "a beacon is written as it was read",
    );
  }

  private sent(bytes: Uint8Array, start: number, end: number, kind: number): void {
    const beacon = new Beacon();
    must(beacon.read(bytes, start, end) && beacon.kind === kind, "what is sent is a beacon");
  }
}

export const beacons: Target = new Beacons();
