// A Node peer that publishes one value, and prints those that it gets.
//   node value-peer.mjs DIST PORT SEED CELSIUS
const [, , dist, port, seed, celsius] = process.argv;
const { i16, lan, struct, SwimNode, u8 } = await import(`${dist}/platform/node/index.js`);

const node = new SwimNode({
  port: Number(port),
  address: "127.0.0.1",
  seeds: [seed],
  config: lan(10),
  value: struct({ celsius: i16, battery: u8 }),
  onReady: () => console.log(`ready ${node.identity.addr}`),
  onMemberUp: ({ addr }) => console.log(`up ${addr}`),
  onMemberDown: ({ addr }) => console.log(`down ${addr}`),
  onValue: (value, member) =>
    console.log(`value ${value.celsius} ${value.battery} of ${member.addr} age ${node.valueAgeMs(member)}`),
});
node.publish({ celsius: Number(celsius), battery: 80 });
