// A member in a process of its own, from what is built in dist/. It publishes a number twice a second, does with its keys what
// it is told over the channel, and says what became of it.
import { lan } from "../../../dist/core/index.js";
import { SwimNode } from "../../../dist/platform/node/sealed.js";

const { port, seed, keys, sealing, size } = JSON.parse(process.argv[2]);
const told = [];
/** The latest number of each other member. */
const heard = {};
const errors = [];
const node = new SwimNode({
  address: "127.0.0.1",
  port,
  config: lan(size),
  seeds: ["127.0.0.1:" + seed],
  keys,
  sealing,
  onMemberUp: ({ addr }) => told.push("up " + addr),
  onMemberDown: ({ addr }) => told.push("down " + addr),
  onRejoin: () => told.push("rejoin"),
  onIdle: () => told.push("idle"),
  onBroadcast: (bytes, from) => (heard[from] = bytes[0] * 256 + bytes[1]),
  onError: (error) => errors.push(String(error)),
});

let published = 0;
setInterval(() => {
  published++;
  node.broadcast(Uint8Array.of(published >> 8, published));
}, 500);

process.on("message", ({ number, step }) => {
  if (step !== undefined) {
    node.setKeys(step.keys, step.sendWith);
    node.setSealing(step.sealing);
  }
  const counts = Array.from(node.seal.metrics);
  process.send({ number, told, heard, errors, published, counts, members: node.members().length });
});
process.on("disconnect", () => process.exit());
