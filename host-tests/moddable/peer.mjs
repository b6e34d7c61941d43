// A Node peer with a LAN's settings: prints what happens to it, publishes what it is told.
//   node peer.mjs DIST PORT SEED TEXT [KEY]
const [, , dist, port, seed, text, key] = process.argv;
const { lan, SwimNode } = await import(`${dist}/platform/node/index.js`);

const node = new SwimNode({
  port: Number(port),
  address: "127.0.0.1",
  seeds: [seed],
  config: lan(10),
  ...(key === undefined ? {} : { keys: [{ id: 1, secret: key }] }),
  onReady: () => console.log(`ready ${node.identity.addr}`),
  onMemberUp: ({ addr }) => console.log(`up ${addr}`),
  onMemberDown: ({ addr }) => console.log(`down ${addr}`),
  value: "text",
  onValue: (text, { addr }) => console.log(`got ${text} from ${addr}`),
  onBroadcast: (bytes, from) => console.log(`heard ${new TextDecoder().decode(bytes)} from ${from}`),
});
let published = 0;
setInterval(() => node.publish(`${text} ${String(++published).padStart(6, "0")}`), 2000);
