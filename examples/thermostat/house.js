// What all devices of the house have in common.
import { bool, i16, lan, struct, u8 } from "xswim";

export const PORT = 7946;

/** What a device is. */
export const SENSOR = 1;
export const THERMOSTAT = 2;

/**
 * What every device publishes, 5 bytes: what it is, its room, a temperature in tenths of a degree (what a sensor measures, and
 * the target of a thermostat), and whether it heats.
 */
export const report = struct({ role: u8, room: u8, tenths: i16, isHeating: bool });

/** The settings of the cluster: all devices must have the same. */
export const settings = { ...lan(16), maxMembers: 32 };
