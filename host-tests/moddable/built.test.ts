// The small modules and the bundle of everything, as they are built for devices.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, expectTypeOf, test } from "vitest";
import * as core from "../../core/index.js";
import type { SwimNodeConstructor } from "../../platform/shared/node-types.js";
import type * as schemas from "../../platform/shared/schema.js";
import type { SwimNode as FullNode } from "../../platform/xs/full.js";
import type * as lean from "../../platform/xs/index.js";
import { resetWorld } from "./doubles/world.js";

/** Built, and therefore not there when types are checked. */
async function built<T>(name: string): Promise<T> {
  return (await import(join(import.meta.dirname, "../../dist/xs", name))) as T;
}

const full = await built<typeof core>("full/xs.js");
const metrics =
  await built<Pick<typeof core, "Metric" | "namedMetrics" | "Status" | "statusName">>("metrics.js");
const { postcard } = await built<Pick<typeof core, "postcard">>("postcard.js");
const schema = await built<typeof schemas>("schema.js");
const { SwimNode } = await built<typeof lean>("xs.js");

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

/** A schema of every kind, and a value of it. */
const ofAll = ({ struct, ...kinds }: typeof schemas): core.Schema<object> =>
  struct({
    bool: kinds.bool,
    small: struct({ u8: kinds.u8, i8: kinds.i8 }),
    wide: struct({ u16: kinds.u16, i16: kinds.i16, u32: kinds.u32, i32: kinds.i32 }),
  });
const VALUE = {
  bool: true,
  small: { u8: 255, i8: -128 },
  wide: { u16: 65535, i16: -32768, u32: 4294967295, i32: -2147483648 },
};

test("a-node-keeps-a-value-of-the-small-module's-schemas", () => {
  const world = resetWorld();
  const value = ofAll(schema);
  const node = new SwimNode({ port: 7946, bump: 7, value });
  world.advance(1);
  node.publish(VALUE);
  expect(node.value(node.identity)).toEqual(VALUE);
  expect(() => node.publish({ ...VALUE, bool: 1 })).toThrow(TypeError);

  const bytes = (one: core.Schema<object>): Uint8Array => {
    const out = new Uint8Array(one.maxLength(core.bincodeDialect));
    return out.slice(0, one.write(core.bincodeDialect, VALUE, out, 0));
  };
  expect(bytes(value)).toEqual(bytes(ofAll(core)));
});

// `identity` looks for the class of a struct.
test("beside-the-bundle-of-everything-schemas-are-those-of-it", () => {
  const text = readFileSync(join(import.meta.dirname, "../../dist/xs/full/schema.js"), "utf8");
  const names = /^export \{ (.*) \} from "xswim\/xs";\s*$/.exec(text)?.[1].split(", ");
  expect(names).toEqual(Object.keys(schema).sort());
  expect(Object.keys(full)).toEqual(expect.arrayContaining(names ?? []));
});

test("a-node-of-everything-knows-the-type-of-its-values", () => {
  type Published = Parameters<
    FullNode<core.Renewable, string, core.Schema<{ celsius: number }>>["publish"]
  >[0];
  expectTypeOf<Published>().toEqualTypeOf<{ celsius: number }>();
  expectTypeOf<Parameters<FullNode["publish"]>[0]>().toEqualTypeOf<Uint8Array>();
});
