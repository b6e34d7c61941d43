// What must hold of the types of all entries together. Compiled, never run.
import * as root from "xswim";
import * as fake from "xswim/fake";
import * as node from "xswim/node";
import { postcard } from "xswim/postcard";
import { i16, struct, u8, type Infer, type Schema } from "xswim/schema";
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

export const kept = [moreClasses, sameSwimAgain, codecs, life, ofRoot, ofSmall];
