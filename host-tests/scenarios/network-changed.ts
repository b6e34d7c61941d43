// A node that is told that the network is back, or that it has another address.
import { lan, renewableV4, type IdentityType, type Renewable } from "../../core/index.js";
import { FakeNetwork, type SwimNodeInstance, type SwimNodeOptions } from "../../platform/fake/index.js";
import { equal, ok, throwsWith } from "../support/assert.js";

const PORT = 7946;
const MINUTE_MS = 60_000;

/** Nodes by number, at `10.0.0.<number>`. */
class Street {
  readonly network = new FakeNetwork({ seed: 4 });

  start(number: number, options: Partial<SwimNodeOptions<Renewable>> = {}): SwimNodeInstance {
    return new (this.network.host("10.0.0." + number).SwimNode)({ port: PORT, config: lan(8), ...options });
  }

  /** So many nodes that know each other, the first of which is the seed of all. */
  joined(count: number): SwimNodeInstance[] {
    const nodes: SwimNodeInstance[] = [];
    for (let number = 1; number <= count; number++)
      nodes.push(this.start(number, number === 1 ? {} : { seeds: ["10.0.0.1:" + PORT] }));
    this.network.runUntil(() => isWhole(nodes), MINUTE_MS);
    return nodes;
  }

  /** Cuts so many nodes off from each other for two minutes, as an access point that is off does. */
  outage(count: number): void {
    const addresses = Array.from({ length: count }, (_, index) => "10.0.0." + (index + 1));
    const ends = addresses.map((address) => this.network.partition([address], without(addresses, address)));
    this.network.advance(2 * MINUTE_MS);
    for (const end of ends) end();
  }
}

function without(addresses: readonly string[], one: string): string[] {
  return addresses.filter((address) => address !== one);
}

function isWhole(nodes: readonly SwimNodeInstance[]): boolean {
  return nodes.every((node) => node.swim.numMembers === nodes.length - 1);
}

/** How long a cluster of six takes to be whole after an outage, when its nodes are told of the end and when not. */
function healingMs(areTold: boolean): number {
  const street = new Street();
  const nodes = street.joined(6);
  street.outage(6);
  ok(
    nodes.every((node) => !node.swim.isConnected),
    "connected in spite of the outage",
  );
  if (areTold) for (const node of nodes) node.networkChanged();
  return street.network.runUntil(() => isWhole(nodes), 5 * MINUTE_MS);
}

export const scenarios: Record<string, () => void> = {
  "nodes-that-are-told-of-the-end-of-an-outage-know-each-other-again-soon"() {
    const [told, untold] = [healingMs(true), healingMs(false)];
    ok(told <= 3_000, "after " + told + " ms");
    ok(untold > 2 * told, "without a word after " + untold + " ms");
  },

  "a-node-that-is-alone-tries-its-seeds-within-a-second-and-with-short-pauses-again"() {
    const street = new Street();
    const node = street.start(2, { seeds: ["10.0.0.1:" + PORT] });
    street.network.advance(10 * MINUTE_MS);
    const { sent } = street.network.counts;
    node.networkChanged();
    street.network.advance(1_000);
    equal(street.network.counts.sent - sent, 1, "in the first second");
    street.network.advance(7_000);
    const later = street.network.counts.sent - sent;
    ok(later >= 4, later + " in eight seconds");
    equal(node.identity, { addr: "10.0.0.2:7946", bump: 1 });
  },

  "a-connected-node-calls-a-silent-seed-within-a-second"() {
    const street = new Street();
    street.joined(2);
    const three = street.start(3, { seeds: ["10.0.0.1:" + PORT, "10.0.0.9:" + PORT] });
    street.network.runUntil(() => three.swim.isConnected, MINUTE_MS);
    street.network.advance(2_000);
    const nine = street.start(9);
    three.networkChanged();
    street.network.runUntil(() => nine.swim.isConnected, 2_000);
  },

  "another-address-is-taken-under-a-larger-number-and-told"() {
    const street = new Street();
    const nodes = street.joined(3);
    street.network.host("10.0.0.3").changeAddress("10.0.0.33");
    nodes[2].networkChanged("10.0.0.33");
    equal(nodes[2].identity, { addr: "10.0.0.33:7946", bump: 2 });
    const knows = (node: SwimNodeInstance): boolean => node.swim.knows({ addr: "10.0.0.33:7946", bump: 0 });
    street.network.runUntil(() => nodes.every(knows) && isWhole(nodes), 5_000);
  },

  "swapped-addresses-are-taken"() {
    const street = new Street();
    const nodes = street.joined(4);
    const { network } = street;
    const [first, second] = [network.host("10.0.0.3"), network.host("10.0.0.4")];
    first.changeAddress("10.0.0.99");
    second.changeAddress("10.0.0.3");
    first.changeAddress("10.0.0.4");
    nodes[2].networkChanged("10.0.0.4");
    nodes[3].networkChanged("10.0.0.3");
    network.runUntil(() => isWhole(nodes), 30_000);
    network.advance(MINUTE_MS);
    ok(isWhole(nodes), "a minute later");
    equal([nodes[2].identity.addr, nodes[3].identity.addr], ["10.0.0.4:7946", "10.0.0.3:7946"]);
  },

  "the-same-address-is-no-other"() {
    const street = new Street();
    const [one] = street.joined(2);
    const before = one.identity;
    one.networkChanged("10.0.0.1");
    equal(one.identity, before);
  },

  "after-leaving-and-after-closing-it-does-nothing"() {
    const street = new Street();
    const [one, two] = street.joined(2);
    two.leave();
    one.close();
    street.network.advance(1_000);
    const before = street.network.counts.sent;
    for (const node of [one, two]) {
      const { identity } = node;
      node.networkChanged();
      node.networkChanged("10.0.0.44");
      equal(node.identity, identity);
    }
    street.network.advance(MINUTE_MS);
    equal(street.network.counts.sent, before);
  },

  "what-is-no-address-is-refused-and-changes-nothing"() {
    const street = new Street();
    const [one] = street.joined(2);
    const before = one.identity;
    for (const address of ["lamp", "10.0.0.5:7946", "0.0.0.0", "fe80::1", "", null, 7])
      throwsWith({ name: "TypeError" }, () => one.networkChanged(address as string));
    throwsWith({ name: "TypeError" }, () => one.networkChanged("10.0.0.256"));
    equal(one.identity, before);
  },

  "an-identity-type-that-makes-none-from-an-address-hurries-too"() {
    const street = new Street();
    const hidden = { at: { value: undefined } };
    const identityType = Object.create(renewableV4, hidden) as IdentityType<Renewable, string>;
    const identity = { addr: "10.0.0.2:7946", bump: 1 };
    const node = street.start(2, { identityType, identity, seeds: [{ addr: "10.0.0.1:7946", bump: 0 }] });
    street.network.advance(10 * MINUTE_MS);
    const { sent } = street.network.counts;
    node.networkChanged();
    street.network.advance(1_000);
    equal(street.network.counts.sent - sent, 1);
    throwsWith({ name: "TypeError" }, () => node.networkChanged("10.0.0.3"));
  },
};
