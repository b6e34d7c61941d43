// The circle that a program can ask for, against that of the core.
import { expect, test } from "vitest";
import { bincode, postcard, renewableAddr, simple, Swim, type Renewable } from "../../core/index.js";
import { circlePoint } from "../../platform/node/index.js";
import type { Ring } from "../../core/ring.js";
import type { Members } from "../../core/members.js";

interface Inside {
  protocol: { knowledge: { ring: Ring<Renewable>; members: Members<Renewable> } };
}

test.each([bincode, postcard])("the-next-on-the-circle-is-the-successor-of-the-core", (codec) => {
  const all = Array.from({ length: 40 }, (_, i) => ({ addr: "10.0.0." + (i + 1) + ":7946", bump: i }));
  const circle = all
    .map((identity) => ({ identity, point: circlePoint(renewableAddr, codec, identity) }))
    .sort((a, b) => a.point - b.point)
    .map(({ identity }) => identity.addr);
  for (const identity of all) {
    const swim = new Swim({
      identity,
      identityType: renewableAddr,
      codec,
      config: simple(),
      random: () => 0,
      runtime: { now: () => 0, sendTo: () => undefined, submitAfter: () => undefined },
    });
    const others = all.filter((other) => other !== identity);
    swim.applyMany(
      others.map((other) => ({ identity: other, incarnation: 0, state: "Alive" as const })),
      false,
    );
    const { ring, members } = (swim as unknown as Inside).protocol.knowledge;
    const successor = members.identityAt(ring.successor);
    expect(renewableAddr.schema.read(codec.dialect, members.bytes, successor).addr).toBe(
      circle[(circle.indexOf(identity.addr) + 1) % circle.length],
    );
  }
});
