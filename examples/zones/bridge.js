// A bridge between zones. A zone is a cluster of devices; the bridges of all zones are a cluster of their own, the backbone. A
// bridge is a program on Node that is a member of both. Devices are members of their zone, and know nothing of this.
import { bool, lan, struct, u16, u32 } from "xswim";

export const ZONE_PORT = 7946;
export const BACKBONE_PORT = 7947;

/** What bridges publish in their zone: how many zones there are, and how many devices in all of them. */
export const overview = struct({ isBridge: bool, zones: u16, devices: u32 });

/** What bridges publish in the backbone: their zone, and how many devices it has. */
export const summary = struct({ zone: u16, devices: u16 });

/** What ends with somebody's death is told to all zones: the number of the zone, then the address as text. */
const NUMBER_BYTES = 2;

/**
 * Starts a bridge.
 * @param device what the platform has: `SwimNode`
 * @param options the number of its `zone`, `zoneSeeds` and `backboneSeeds`, how many devices a zone has (`zoneSize`) and how
 *   many bridges there are (`backboneSize`), more or less; and what both nodes are given, such as `advertise`
 */
export function startBridge(device, { zone, zoneSeeds, backboneSeeds, zoneSize, backboneSize, ...both }) {
  const inZone = new device.SwimNode({
    port: ZONE_PORT,
    config: lan(zoneSize),
    seeds: zoneSeeds,
    value: overview,
    onMemberUp: update,
    onMemberDown: tellDeath,
    onValue: update,
    ...both,
  });
  const inBackbone = new device.SwimNode({
    port: BACKBONE_PORT,
    config: lan(backboneSize),
    seeds: backboneSeeds,
    value: summary,
    onMemberDown: update,
    onValue: update,
    onBroadcast: (bytes) => isActing() && inZone.broadcast(bytes),
    ...both,
  });
  let published = "";

  /** The bridges of this zone that are there, this one included, in the same order at all of them. */
  function bridges() {
    const others = inZone.members().filter(({ value }) => value?.isBridge);
    return [inZone.identity.addr, ...others.map(({ identity }) => identity.addr)].sort();
  }

  /** Of the bridges of a zone, the first one speaks for all. */
  function isActing() {
    return bridges()[0] === inZone.identity.addr;
  }

  /** Publishes what has changed, on both sides. */
  function update() {
    const devices = inZone.members().length + 1 - bridges().length;
    const zones = new Map([[zone, devices]]);
    for (const { value } of inBackbone.members())
      if (value !== undefined && value.zone !== zone) zones.set(value.zone, value.devices);
    let sum = 0;
    for (const count of zones.values()) sum += count;
    const now = [zones.size, sum, devices].join();
    if (now === published) return;
    published = now;
    inZone.publish({ isBridge: true, zones: zones.size, devices: sum });
    inBackbone.publish({ zone, devices });
  }

  /** Tells all zones of a death in this one. */
  function tellDeath({ addr }) {
    update();
    if (!isActing()) return;
    const bytes = new Uint8Array(NUMBER_BYTES + addr.length);
    bytes.set([zone >> 8, zone & 255]);
    for (let i = 0; i < addr.length; i++) bytes[NUMBER_BYTES + i] = addr.charCodeAt(i);
    inBackbone.broadcast(bytes);
  }

  update();
  return { inZone, inBackbone };
}

/** What `startBridge` tells of a death in another zone, read. */
export function readDeath(bytes) {
  const addr = String.fromCharCode(...bytes.subarray(NUMBER_BYTES));
  return { zone: (bytes[0] << 8) | bytes[1], addr };
}
