// What must hold of the types of all entries together. Compiled, never run.
import * as root from "xswim";
import * as fake from "xswim/fake";
import * as node from "xswim/node";
import { postcard } from "xswim/postcard";
import { bool, i16, i32, i8, struct, u16, u32, u8, type Infer, type Schema } from "xswim/schema";
import * as xs from "xswim/xs";

type Host = fake.Host;

/** Device code takes the class of every platform, whichever entry it has the type from. */
export function start(SwimNode: Host["SwimNode"]): fake.SwimNodeInstance {
  return new SwimNode({ port: 7946 });
}
declare const host: Host;
start(xs.SwimNode);
start(node.SwimNode);
start(host.SwimNode);
const classes: xs.SwimNodeConstructor[] = [xs.SwimNode, node.SwimNode, host.SwimNode];
const moreClasses: node.SwimNodeConstructor[] = classes;

// A class with private fields has one declaration, so these would fail if an entry had its own copy.
declare const swim: xs.Swim<xs.Renewable>;
const sameSwim: node.Swim<node.Renewable> = swim;
const sameSwimAgain: fake.Swim<fake.Renewable> & root.Swim<root.Renewable> = sameSwim;
const codecs: [node.Codec, fake.Codec, root.Codec] = [postcard, xs.bincode, node.postcard];
const options: xs.SwimNodeOptions = { port: 7946, config: node.lan(10), codec: root.postcard };
new node.SwimNode(options);
new host.SwimNode(options);

// Who published has the address type of the identity.
new xs.SwimNode({ port: 7946, onBroadcast: (_bytes, from) => from.length });
const tiny = fake.identity({
  schema: root.struct({ a: root.u8, b: root.u8, life: root.u16 }),
  address: ["a", "b"],
  renew: (id) => ({ ...id, life: id.life + 1 }),
  winsAddrConflict: (id, adversary) => id.life > adversary.life,
  endpoint: (id) => `192.168.${id.a}.${id.b}:8080`,
});
const own = { port: 7946, identityType: tiny, identity: { a: 1, b: 2, life: 3 } };
const ofOne = new host.SwimNode({ ...own, onBroadcast: (_bytes, from) => from.a + from.b });
const life: number = ofOne.identity.life;
// @ts-expect-error -- the life is no part of the address
new node.SwimNode({ ...own, onBroadcast: (_bytes, from) => from.life });
const single = root.identity({
  schema: root.struct({ id: root.u16, x: root.u8 }),
  address: "id",
  winsAddrConflict: () => false,
});
new node.SwimNode({
  port: 1,
  identityType: single,
  identity: { id: 1, x: 2 },
  onBroadcast: (_bytes, from) => from.toFixed(),
});

// What a value is follows from its format, and who published it is an identity.
const light = struct({ level: u8, isOn: bool });
const lit = new xs.SwimNode({
  port: 7946,
  value: light,
  onValue: ({ level, isOn }, member) => level.toFixed() + member.addr.length + (isOn === true),
});
lit.publish({ level: 3, isOn: true });
const level: number | undefined = lit.value("10.0.0.1:7946")?.level;
const ages: (number | undefined)[] = lit.members().map((member) => member.value?.level ?? member.valueAgeMs);
// @ts-expect-error -- a field is missing
lit.publish({ level: 3 });
// @ts-expect-error -- a field has the wrong type
lit.publish({ level: "3", isOn: true });
// @ts-expect-error -- the values are no bytes
lit.publish(Uint8Array.of(3));
// @ts-expect-error -- a field that values do not have
new node.SwimNode({ port: 7946, value: light, onValue: ({ colour }) => String(colour) });
const sameOnAll: fake.SwimNodeInstance<root.Renewable, root.Infer<typeof light>>[] = [
  lit,
  new node.SwimNode({ port: 7946, value: light }),
  new host.SwimNode({ port: 7946, value: light }),
];

const texts = new node.SwimNode({
  port: 7946,
  value: "text",
  onValue: (text, { bump }) => text.trim() + String(bump),
});
texts.publish("21.5 degrees");
const text: string | undefined = texts.value(texts.identity);
// @ts-expect-error -- the values are texts
texts.publish(21.5);
// @ts-expect-error -- the same
new host.SwimNode({ port: 7946, value: "text", onValue: (bytes) => bytes.subarray(1) });

const json = new host.SwimNode({
  port: 7946,
  value: "json",
  onValue: (value) => (typeof value === "string" ? value : ""),
});
json.publish({ celsius: [21.5, null] });
// @ts-expect-error -- whatever a member published: look what it is first
const celsius = json.value("10.0.0.1:7946").celsius;

const plain = new xs.SwimNode({ port: 7946, onValue: (bytes) => bytes.subarray(1) });
plain.publish(Uint8Array.of(1));
// @ts-expect-error -- the values are bytes, when nothing else is said
plain.publish("21.5 degrees");
// @ts-expect-error -- a format that there is not
new xs.SwimNode({ port: 7946, value: "utf8" });
new xs.SwimNode({ port: 7946, value: u16, onValue: (value) => value.toFixed() }).publish(7);
const ofTiny = new node.SwimNode({
  ...own,
  value: "text",
  onValue: (value, member) => value.length + member.life,
});
ofTiny.value({ a: 1, b: 2, life: 3 });
const numbers: root.Schema<number>[] = [u8, i8, u16, i16, u32, i32];

// A schema of the small module is one of every entry.
const reading = struct({ celsius: i16, battery: u8 });
const ofRoot: root.Schema<Infer<typeof reading>> = reading;
const ofSmall: Schema<number> = root.u32;
new xs.SwimNode({ port: 7946, value: reading, onValue: (value) => value.celsius.toFixed() }).publish({
  celsius: 21,
  battery: 90,
});
// @ts-expect-error -- a field that the schema has not
new node.SwimNode({ port: 7946, value: reading, onValue: (value) => value.humidity });

const store: node.Store = { get: () => undefined, set: () => undefined };
new xs.SwimNode({ port: 7946, store });
new node.SwimNode({ port: 7946, store });
new host.SwimNode({ port: 7946, store });
// @ts-expect-error -- an option that is unknown
new host.SwimNode({ port: 7946, seed: [] });

export const kept = [
  moreClasses,
  sameSwimAgain,
  codecs,
  life,
  level,
  ages,
  sameOnAll,
  text,
  celsius,
  numbers,
  ofRoot,
  ofSmall,
];
