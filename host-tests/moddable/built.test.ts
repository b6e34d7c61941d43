// The small modules and the bundle of everything, as they are built for devices.
import { join } from "node:path";
import { expect, test } from "vitest";
import * as core from "../../core/index.js";
import type { SwimNodeConstructor } from "../../platform/shared/node-types.js";

/** Built, and therefore not there when types are checked. */
async function built<T>(name: string): Promise<T> {
  return (await import(join(import.meta.dirname, "../../dist/xs", name))) as T;
}

const full = await built<typeof core>("full/xs.js");
const metrics =
  await built<Pick<typeof core, "Metric" | "namedMetrics" | "Status" | "statusName">>("metrics.js");
const { postcard } = await built<Pick<typeof core, "postcard">>("postcard.js");

test("the-bundle-of-everything-has-all-of-the-core-and-the-node", () => {
  expect(Object.keys(full).sort()).toEqual([...Object.keys(core), "SwimNode"].sort());
});

test("counters-have-the-names-that-they-have-everywhere", () => {
  const counters = Uint32Array.from({ length: 46 }, (_, i) => i);
  expect(metrics.namedMetrics(counters)).toEqual(core.namedMetrics(counters));
  expect(full.namedMetrics(counters)).toEqual(core.namedMetrics(counters));
  expect(metrics.Metric).toEqual(core.Metric);
  expect(metrics.Status).toEqual(core.Status);
  expect(metrics.statusName(4)).toBe("Decode");
});

// Over the bundle of the node, whose codec is made of the small module's dialect.
test("the-second-codec-writes-what-it-writes-everywhere", () => {
  const sent: string[] = [];
  for (const { Swim, renewableV4, simple, codec } of [
    { ...core, codec: core.postcard },
    { ...full, codec: postcard },
  ]) {
    const swim = new Swim({
      identity: { addr: "10.0.0.1:7946", bump: 70_000 },
      identityType: renewableV4,
      codec,
      config: simple(),
      runtime: {
        now: () => 0,
        submitAfter: () => undefined,
        sendTo: (_to: unknown, data: Uint8Array, start: number, end: number) =>
          void sent.push(data.slice(start, end).join(" ")),
      },
      random: () => 1,
    });
    swim.announce({ addr: "10.0.0.2:7946", bump: 300 });
  }
  expect(sent[0]).toMatch(/^10 0 0 1 /);
  expect(sent[1]).toBe(sent[0]);
});

test("a-node-of-the-bundle-of-everything-starts", () => {
  const { SwimNode } = full as unknown as { SwimNode: SwimNodeConstructor };
  const node = new SwimNode({ port: 7946, advertise: "10.0.0.1", value: "text" });
  node.publish("warm");
  expect(node.value("10.0.0.1:7946")).toBe("warm");
  node.close();
});
