// Members in one program, with the settings of the sensor example, that publish a reading every five seconds.
//   node neighbours.mjs DIST FIRST_PORT COUNT
const [, , dist, firstPort, count] = process.argv;
const { i16, lan, struct, SwimNode, u8 } = await import(`${dist}/platform/node/index.js`);

const config = { ...lan(16), maxMembers: 64, maxPacketSize: 512, maxBroadcasts: 16, maxBroadcastBytes: 1024 };
for (let i = 0; i < Number(count); i++) {
  const node = new SwimNode({
    port: Number(firstPort) + i,
    address: "127.0.0.1",
    seeds: [`127.0.0.1:${firstPort}`],
    config,
    // As in the example's reading.ts.
    value: struct({ deciCelsius: i16, battery: u8 }),
    onReady: () => console.log(`ready ${node.identity.addr}`),
  });
  setInterval(() => node.publish({ deciCelsius: 180 + i, battery: 100 - i }), 5000);
}
