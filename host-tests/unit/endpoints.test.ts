// Where a node sends what is for a member: asked of the identity type once for each, and never where no single host can be.
import { describe, expect, test } from "vitest";
import { bincode, renewableV4, type Endpoint, type IdentityType, type Renewable } from "../../core/index.js";
import { IdentityRef } from "../../core/codec.js";
import { Endpoints, NOWHERE } from "../../platform/shared/endpoints.js";

const { dialect } = bincode;

/** Identities whose type makes an endpoint of an encoded one, or else of its value, and counts that. */
class Type {
  builds = 0;
  /** What lies around an identity, another each time. */
  private filler = 0;
  readonly type: IdentityType<Renewable>;

  constructor(endpoint?: (identity: Renewable) => Endpoint | undefined) {
    const counted = {
      endpointAt: (...args: Parameters<NonNullable<typeof renewableV4.endpointAt>>) => {
        if (endpoint !== undefined) return undefined;
        this.builds++;
        return renewableV4.endpointAt?.(...args);
      },
      endpoint: (identity: Renewable) => {
        this.builds++;
        return endpoint?.(identity);
      },
    };
    this.type = Object.assign(Object.create(renewableV4) as IdentityType<Renewable>, counted);
  }

  /** An encoded identity, between other bytes. */
  ref(addr: string, bump = 1): IdentityRef<Renewable> {
    const { schema } = renewableV4;
    const bytes = new Uint8Array(40).fill(++this.filler);
    const end = schema.write(dialect, { addr, bump }, bytes, 5);
    const ref = new IdentityRef<Renewable>({ schema, dialect });
    ref.set(bytes, 5, end - 5);
    return ref;
  }
}

describe("the endpoint of a member", () => {
  test("is-built-once-of-the-four-that-are-written-to", () => {
    const kind = new Type();
    const endpoints = new Endpoints<Renewable>();
    for (let round = 0; round < 5; round++) {
      for (let host = 4; host >= 1; host--) {
        const ref = kind.ref("10.0.0." + host + ":7946");
        expect(endpoints.find(kind.type, ref)).toEqual({ address: "10.0.0." + host, port: 7946 });
      }
    }
    expect(kind.builds).toBe(4);
  });

  test("is-its-own-whoever-has-its-place-and-however-long-identities-are", () => {
    const kind = new Type();
    const endpoints = new Endpoints<Renewable>();
    for (let round = 0; round < 3; round++) {
      for (const bump of [1, 70_000, 300, 2]) {
        for (let host = 1; host <= 20; host++) {
          const ref = kind.ref("10.0.0." + host + ":" + (7000 + (bump % 1000)), bump);
          expect(endpoints.find(kind.type, ref)).toEqual({
            address: "10.0.0." + host,
            port: 7000 + (bump % 1000),
          });
        }
      }
    }
  });

  test("stays-known-when-a-shorter-identity-comes-and-is-built-anew-after-a-longer-one", () => {
    const kind = new Type();
    const endpoints = new Endpoints<Renewable>();
    const find = (host: number, bump: number): number => {
      kind.builds = 0;
      endpoints.find(kind.type, kind.ref("10.0.0." + host + ":7946", bump));
      return kind.builds;
    };
    // Those are in three places.
    expect([find(1, 300), find(2, 300), find(3, 1), find(1, 300), find(2, 300)]).toEqual([1, 1, 1, 0, 0]);
    expect([find(4, 70_000), find(4, 70_000)]).toEqual([1, 0]);
    expect([find(1, 300), find(2, 300), find(1, 300), find(2, 300)]).toEqual([1, 1, 0, 0]);
  });

  test("of-zeros-is-not-taken-for-an-empty-place", () => {
    for (let host = 1; host <= 4; host++) {
      const kind = new Type();
      const endpoints = new Endpoints<Renewable>();
      endpoints.find(kind.type, kind.ref("10.0.0." + host + ":7946"));
      expect(endpoints.find(kind.type, kind.ref("0.0.0.0:0", 0))).toBe(NOWHERE);
    }
  });

  test("that-the-type-makes-of-the-value-is-kept-too", () => {
    const kind = new Type(({ addr }) => ({ address: addr.slice(0, -5), port: 9 }));
    const endpoints = new Endpoints<Renewable>();
    for (let i = 0; i < 3; i++)
      expect(endpoints.find(kind.type, kind.ref("10.0.0.1:7946"))).toEqual({ address: "10.0.0.1", port: 9 });
    expect(kind.builds).toBe(1);
  });

  test("that-the-type-does-not-know-is-none", () => {
    const kind = new Type(() => undefined);
    const endpoints = new Endpoints<Renewable>();
    for (let i = 0; i < 2; i++) expect(endpoints.find(kind.type, kind.ref("10.0.0.1:7946"))).toBeUndefined();
  });

  test.each([
    ["10.0.0.1", true],
    ["0.0.0.0", false],
    ["224.0.0.1", false],
    ["255.255.255.255", false],
    ["::1", true],
    ["::", false],
    ["ff02::1", false],
    ["::ffff:224.0.0.1", false],
    // The platform is to judge these.
    ["fe80::1%eth0", true],
    ["lamp.local", true],
  ])("made-of-the-value-may-be-written-to: %s", (address, isHost) => {
    const endpoint = { address, port: 7946 };
    const kind = new Type(() => endpoint);
    const found = new Endpoints<Renewable>().find(kind.type, kind.ref("10.0.0.1:7946"));
    expect(found).toBe(isHost ? endpoint : NOWHERE);
  });
});
