// Members in one program, with the settings of the sensor example, that publish a reading every five seconds.
//   node neighbours.mjs DIST FIRST_PORT COUNT
const [, , dist, firstPort, count] = process.argv;
const { lan, SwimNode } = await import(`${dist}/platform/node/index.js`);

const config = { ...lan(16), maxMembers: 64, maxPacketSize: 512, maxBroadcasts: 16, maxBroadcastBytes: 1024 };
for (let i = 0; i < Number(count); i++) {
  const node = new SwimNode({
    port: Number(firstPort) + i,
    address: "127.0.0.1",
    seeds: [`127.0.0.1:${firstPort}`],
    config,
    onReady: () => console.log(`ready ${node.identity.addr}`),
  });
  setInterval(() => node.broadcast(new TextEncoder().encode(`{"celsius":${(180 + i) / 10}}`)), 5000);
}
