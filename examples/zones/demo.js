// Two zones of 24 devices with two bridges each, on the fake network:
//
//   node examples/zones/demo.js
import { lan } from "xswim";
import { FakeNetwork } from "xswim/fake";
import { overview, readDeath, startBridge, ZONE_PORT } from "./bridge.js";

const DEVICES = 24;
const ZONES = [1, 2];
const bridgeIps = (zone) => [`10.${zone}.0.1`, `10.${zone}.0.2`];
const zoneSeedsOf = (zone) => bridgeIps(zone).map((ip) => `${ip}:${ZONE_PORT}`);

const network = new FakeNetwork({ seed: 3, latencyMs: 2 });
/** Which deaths in other zones a device was told of, by its address. */
const heard = new Map();
const devices = [];

for (const zone of ZONES) {
  for (const ip of bridgeIps(zone)) {
    network.host(ip).run((host) =>
      startBridge(host, {
        zone,
        zoneSeeds: zoneSeedsOf(zone),
        backboneSeeds: ["10.1.0.1:7947", "10.2.0.1:7947"],
        zoneSize: DEVICES + 2,
        backboneSize: 2 * ZONES.length,
      }),
    );
  }
  for (let i = 0; i < DEVICES; i++) {
    const host = network.host(`10.${zone}.1.${i + 1}`);
    heard.set(host, new Set());
    const node = new host.SwimNode({
      port: ZONE_PORT,
      config: lan(DEVICES + 2),
      seeds: zoneSeedsOf(zone),
      value: overview,
      onBroadcast: (bytes) => heard.get(host).add(readDeath(bytes).addr),
    });
    devices.push({ zone, host, node });
  }
}

/** Lets time pass until it is so at all devices of a zone; prints after how many seconds. */
function untilAll(zone, text, isSo) {
  const those = devices.filter((device) => device.zone === zone && !device.host.isOff);
  const ms = network.runUntil(() => those.every(isSo), 60_000);
  console.log(`${text} after ${(ms / 1000).toFixed(1)} s`);
}

/** Whether a device's bridge says that there are so many devices in so many zones. */
const isTold = (zones, count) => (device) =>
  device.node
    .members()
    .some(({ value }) => value?.isBridge && value.zones === zones && value.devices === count);

untilAll(1, "all of zone 1 know of 48 devices in 2 zones", isTold(2, 2 * DEVICES));

const [dead, later] = devices.filter(({ zone }) => zone === 2);
dead.host.crash();
untilAll(2, "all of zone 2 know of a death there", ({ node }) =>
  node.members().every(({ identity }) => identity.addr !== dead.node.identity.addr),
);
untilAll(1, "all of zone 1 know of it", ({ host }) => heard.get(host).has(dead.node.identity.addr));
untilAll(1, "and how many devices are left", isTold(2, 2 * DEVICES - 1));

network.host("10.2.0.1").crash();
network.advance(30_000);
later.host.crash();
untilAll(1, "with a bridge gone, all of zone 1 know of the next death", ({ host }) =>
  heard.get(host).has(later.node.identity.addr),
);
network.countTraffic();
network.advance(60_000);
const bytes = (host) => Math.round(network.traffic(host).bytes / 60);
console.log(
  `at rest a device sends ${bytes(devices[0].host)} bytes a second, a bridge ${bytes(network.host("10.1.0.1"))}`,
);
