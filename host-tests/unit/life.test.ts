// The lives of a node: their numbers, renewals, and what a sealed answer proves.
import { describe, expect, test } from "vitest";
import {
  identity,
  Metric,
  plainV4,
  renewableAddr,
  struct,
  u16,
  u8,
  type IdentityType,
  type LeanSwim,
  type Renewable,
} from "../../core/index.js";
import {
  firstIdentity,
  identityFor,
  isAt,
  laterLife,
  lifeNumber,
  renewLife,
} from "../../platform/shared/life.js";
import { receiveSealed, withoutKeys } from "../../platform/shared/sealed.js";
import type { Seal } from "../../platform/shared/seal.js";
import { KEY } from "../support/keys.js";
import { BareNode } from "../support/bare-node.js";

const OWN: Renewable = { addr: "10.0.0.1:7946", bump: 7 };
/** Identities with a number that is no life's: they cannot be made from an address. */
const made = identity({
  schema: struct({ host: u8, bump: u16 }),
  address: "host",
  renew: (id) => ({ host: id.host, bump: id.bump + 1 }),
  winsAddrConflict: (id, other) => id.bump > other.bump,
  endpoint: () => undefined as never,
});

describe("the number of a life", () => {
  test("is-there-where-an-identity-is-an-address-and-a-number", () => {
    expect(lifeNumber(renewableAddr, OWN)).toBe(7);
    expect(lifeNumber(plainV4, "10.0.0.1:7946" as never)).toBeUndefined();
    expect(lifeNumber(made, { host: 1, bump: 7 })).toBeUndefined();
  });

  test("of-a-later-life-is-larger-where-there-is-one", () => {
    expect(Number(laterLife(renewableAddr, OWN))).toBeGreaterThan(7);
    expect(laterLife(plainV4, "10.0.0.1:7946" as never)).toBeUndefined();
    expect(laterLife(made, { host: 1, bump: 7 })).toBeUndefined();
  });

  test("and-an-address-make-an-identity", () => {
    expect(firstIdentity(renewableAddr, { port: 7946 }, "10.0.0.1", 7)).toEqual(OWN);
    expect(firstIdentity(renewableAddr, { port: 7946, advertise: "10.0.0.9" }, "10.0.0.1", 7)).toEqual({
      addr: "10.0.0.9:7946",
      bump: 7,
    });
    expect(() => firstIdentity(renewableAddr, { port: 7946 }, "lamp", 7)).toThrow(
      "SwimNode: advertise: host names",
    );
    expect(() => identityFor(made, "10.0.0.1:7946", 7)).toThrow(
      new TypeError("SwimNode: identity is needed, because identityType cannot make one from an address"),
    );
  });

  test("does-not-matter-for-where-a-node-is", () => {
    const swim = { isSelf: ({ addr }: Renewable) => addr === OWN.addr } as unknown as LeanSwim<Renewable>;
    expect([isAt(swim, renewableAddr, OWN.addr), isAt(swim, renewableAddr, "10.0.0.2:7946")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("a life is renewed", () => {
  const renewing = <T>(
    own: T,
    fails = false,
  ): { lines: unknown[]; node: Parameters<typeof renewLife<T>>[0] } => {
    const lines: unknown[] = [];
    const swim = {
      identity: own,
      changeIdentity: (next: T) => {
        if (fails) throw new Error("not now");
        lines.push(next);
      },
    } as unknown as LeanSwim<T>;
    const node = {
      swim,
      identityChanged: (hasRenewed: boolean) => void lines.push(hasRenewed),
      failed: (error: unknown) => void lines.push((error as Error).message),
    };
    return { lines, node };
  };

  test("where-lives-have-numbers-and-not-where-they-have-none", () => {
    const { lines, node } = renewing(OWN);
    renewLife(node, renewableAddr);
    expect(lines).toEqual([{ addr: OWN.addr, bump: 8 }, true]);
    const other = renewing({ host: 1, bump: 7 });
    renewLife(other.node, made);
    const plain = renewing("10.0.0.1:7946");
    renewLife(plain.node, plainV4 as unknown as IdentityType<string>);
    expect([other.lines, plain.lines]).toEqual([[], []]);
  });

  test("and-what-the-core-throws-is-told", () => {
    const { lines, node } = renewing(OWN, true);
    renewLife(node, renewableAddr);
    expect(lines).toEqual(["not now"]);
  });
});

describe("a node whose identities have no number", () => {
  test("takes-another-address-all-the-same", () => {
    const node = new BareNode({ identityType: plainV4 as never }).begin();
    node.changeAddress("10.0.0.7");
    expect(node.identity).toBe("10.0.0.7:7000");
  });

  test("publishes-nothing-where-the-address-has-several-fields", () => {
    const wide = identity({
      schema: struct({ net: u8, host: u8, life: u16 }),
      address: ["net", "host"],
      winsAddrConflict: (id, other) => id.life > other.life,
      endpoint: () => undefined as never,
    });
    const own = { net: 1, host: 1, life: 1 };
    const node = new BareNode({ identityType: wide as never, identity: own as never }).begin();
    expect(() => node.publish(Uint8Array.of(1))).toThrow("publish: not with a broadcastHandler");
    expect([node.value(own as never), node.valueAgeMs(own as never), node.members()]).toEqual([
      undefined,
      NaN,
      [],
    ]);
  });
});

describe("the sender of a sealed datagram", () => {
  test.each<[string, Partial<Record<number, number>>, boolean]>([
    ["an-answer-to-a-probe", { [Metric.ReceivedPing + 1]: 1 }, true],
    ["an-answer-to-none", { [Metric.ReceivedPing + 1]: 1, [Metric.UnexpectedAcks]: 1 }, false],
    ["a-ping", { [Metric.ReceivedPing]: 1 }, false],
    ["a-gossip", { [Metric.ReceivedPing + 8]: 1 }, false],
  ])("is-proven-by-%s: %#", (_what, raised, isProven) => {
    const metrics = new Uint32Array(60).fill(9);
    const given: unknown[] = [];
    let proofs = 0;
    const bytes = new Uint8Array(9);
    const swim = {
      metrics,
      handleData: (...args: unknown[]) => {
        given.push(...args);
        for (const [place, count] of Object.entries(raised)) metrics[Number(place)] += count ?? 0;
        return 4;
      },
    } as unknown as LeanSwim<Renewable>;
    const seal = { start: 3, end: 7, prove: () => proofs++ } as unknown as Seal;
    expect(receiveSealed(swim, seal, bytes)).toBe(4);
    expect([given, proofs]).toEqual([[bytes, 3, 7], isProven ? 1 : 0]);
  });
});

test("options-are-kept-without-the-keys", () => {
  const options = { port: 1, keys: [KEY], value: "text" as const };
  const kept = withoutKeys(options);
  expect([kept.keys, kept.port, kept.value]).toEqual([undefined, 1, "text"]);
  const open = { port: 1 };
  expect(withoutKeys(open)).toBe(open);
});
