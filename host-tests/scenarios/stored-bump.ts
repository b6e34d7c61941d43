// The number of a life over power cuts in the middle of a write, and over stores that fail.
import { lan } from "../../core/index.js";
import { FakeNetwork, type Host, type SwimNodeInstance } from "../../platform/fake/index.js";
import { equal, ok } from "../support/assert.js";
import { FlashStore } from "../support/flash-store.js";

const PORT = 7946;
/** Kept values before the first life: nothing, what earlier versions wrote, and a whole pair in both orders. */
const BEGINNINGS: readonly Record<string, unknown>[] = [
  {},
  { bump: "41" },
  { bump: "41", bump2: "40" },
  { bump: "40", bump2: "41" },
];
/** What a store may hold that is no number of ours. */
const RUBBISH: readonly unknown[] = [
  "",
  "lamp",
  "-3",
  "1.5",
  "NaN",
  "Infinity",
  "9007199254740991",
  "18446744073709551615",
  true,
  {},
  [],
  null,
  () => 7,
];

/** A device with a store, on a network of its own. */
class Device {
  readonly network = new FakeNetwork({ seed: 3 });
  readonly host: Host;
  readonly store: FlashStore;
  readonly errors: string[] = [];
  node!: SwimNodeInstance;

  constructor(values: Record<string, unknown> = {}) {
    this.host = this.network.host("10.0.0.1");
    this.store = new FlashStore(values);
  }

  /** Starts the node, and returns the number of its life. */
  start(): number {
    // Numbers are to come from the store alone.
    this.host.life = 1;
    this.node = new this.host.SwimNode({
      port: PORT,
      config: lan(8),
      store: this.store,
      onError: (error) => this.errors.push(String(error)),
    });
    return this.bump;
  }

  get bump(): number {
    return Number(this.node.identity.bump);
  }

  /** Takes the next number, which is stored at once. */
  move(): number {
    this.node.changeAddress(this.host.address === "10.0.0.1" ? "10.0.0.2" : "10.0.0.1");
    return this.bump;
  }

  cutPower(): void {
    this.host.crash();
    this.store.powerUp();
  }
}

/** Runs lives of three numbers each, the power cut after so many steps of writing. Returns the numbers that were used. */
function liveWithCut(device: Device, steps: number): number[] {
  const used: number[] = [];
  device.store.stepsLeft = steps;
  const first = device.start();
  // Nothing was sent under the first number when the power was cut while it was stored.
  if (!device.store.isDead) used.push(first);
  for (let move = 0; move < 2 && !device.store.isDead; move++) used.push(device.move());
  device.cutPower();
  return used;
}

export const scenarios: Record<string, () => void> = {
  "a-power-cut-at-any-step-of-any-write-repeats-no-number"() {
    for (const values of BEGINNINGS) {
      for (let cut = 0; cut <= 6; cut++) {
        for (let again = 0; again <= 6; again++) {
          const device = new Device(values);
          const used: number[] = values["bump"] === undefined ? [] : [41];
          for (const steps of [cut, again, again, cut, Infinity]) used.push(...liveWithCut(device, steps));
          const where = JSON.stringify(values) + " cut after " + cut + " and " + again + ": " + used.join();
          for (let i = 1; i < used.length; i++) ok(used[i] > used[i - 1], where);
          equal([device.errors, used.length >= 3], [[], true], where);
        }
      }
    }
  },

  "a-store-with-one-number-of-an-earlier-version-goes-on-from-it"() {
    const device = new Device({ bump: "41" });
    const lives = [1, 2, 3].map(() => liveWithCut(device, Infinity)[0]);
    ok(lives[0] > 41 && lives[1] > lives[0] && lives[2] > lives[1], lives.join());
    equal(device.errors, []);
  },

  "a-start-writes-once-and-a-change-of-address-once"() {
    const device = new Device({ bump: "41", bump2: "40" });
    device.start();
    equal([device.store.writes, device.store.values.get("bump2")], [1, "42"], "start");
    device.move();
    equal([device.store.writes, device.store.values.get("bump")], [2, "43"], "change of address");
    device.node.close();
    equal(device.store.writes, 2, "close");
  },

  "rubbish-in-one-place-repeats-no-number-whichever-was-the-larger"() {
    for (const rubbish of RUBBISH) {
      for (const values of [
        { bump: rubbish, bump2: "40" },
        { bump: "40", bump2: rubbish },
      ]) {
        const device = new Device(values);
        const [first] = liveWithCut(device, Infinity);
        // The lost one may have been 41.
        equal([first, device.errors], [42, []], String(rubbish));
      }
    }
  },

  "rubbish-in-both-places-is-as-nothing"() {
    for (const rubbish of RUBBISH) {
      const device = new Device({ bump: rubbish, bump2: rubbish });
      equal([device.start(), device.errors], [1, []], String(rubbish));
      device.cutPower();
      ok(device.start() > 1, String(rubbish));
    }
  },

  "a-store-that-cannot-be-read-is-told-once-the-node-runs"() {
    const device = new Device({ bump: "41", bump2: "40" });
    device.store.unreadable.add("bump").add("bump2");
    equal(device.start(), 1);
    equal(device.errors, [], "inside the constructor");
    const counted = device.node.socketErrors;
    ok(counted >= 2, counted + " counted");
    device.network.advance(10);
    equal(device.errors.length, counted, "told");
    ok(device.errors.includes("Error: cannot read bump"), device.errors.join());
    ok(device.errors.includes("Error: cannot read bump2"), device.errors.join());
  },

  "a-place-that-cannot-be-read-repeats-no-number-whichever-it-is"() {
    for (const key of ["bump", "bump2"]) {
      const device = new Device({ bump: "40", bump2: "40", [key]: "41" });
      device.store.unreadable.add(key);
      const used = [1, 2, 3].flatMap(() => liveWithCut(device, Infinity));
      ok(used[0] > 41, key + ": " + used.join());
      // While it stays so, the numbers go on with what the other place holds.
      for (let i = 1; i < 3; i++) ok(used[i] > used[i - 1], key + ": " + used.join());
      device.store.unreadable.clear();
      ok(liveWithCut(device, Infinity)[0] > used[used.length - 1], key + " readable again");
    }
  },

  "a-place-that-can-be-neither-read-nor-written-leaves-the-other-one-to-count"() {
    for (const key of ["bump", "bump2"]) {
      const device = new Device({ bump: "40", bump2: "40" });
      device.store.unreadable.add(key);
      device.store.unwritable.add(key);
      const used = [1, 2, 3].flatMap(() => liveWithCut(device, Infinity));
      for (let i = 1; i < used.length; i++) ok(used[i] > used[i - 1], key + ": " + used.join());
    }
  },

  "a-store-that-cannot-be-written-stops-no-node-and-is-tried-again-a-minute-later"() {
    const device = new Device({ bump: "41", bump2: "40" });
    device.store.unwritable.add("bump").add("bump2");
    equal(device.start(), 42);
    device.network.advance(10);
    equal([device.errors, device.node.socketErrors], [["Error: cannot write bump2"], 1]);
    device.store.unwritable.clear();
    const two = new (device.network.host("10.0.0.9").SwimNode)({ port: PORT, seeds: ["10.0.0.1:7946"] });
    device.network.advance(50_000);
    equal(device.store.values.get("bump2"), "40", "before the minute is over");
    device.network.advance(20_000);
    equal([device.store.values.get("bump2"), device.errors.length], ["42", 1]);
    equal(two.swim.numMembers, 1);
  },
};
