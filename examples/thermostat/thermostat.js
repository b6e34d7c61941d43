// A thermostat: heats its room until the room's sensors say that it is warm. Without a sensor it heats a little, against frost.
import { PORT, report, SENSOR, settings, THERMOSTAT } from "./house.js";

/** A sensor that has said nothing for so long does not count, even when its node answers. */
const SILENT_MS = 60_000;
const CHECK_MS = 10_000;
/** The heater goes on when it is so much colder than the target, and off when it is so much warmer. */
const BAND_TENTHS = 3;
/** Without a sensor it heats for five minutes of every twenty. */
const FROST_CHECKS_ON = 30;
const FROST_CHECKS = 120;
const USUAL_TENTHS = 200;
/** The target is kept twice: a power cut in the middle of a write loses one of them at most. */
const KEYS = ["target", "target2"];

export class Thermostat {
  /** Whether it heats without knowing how warm it is. */
  isFallback = false;
  isHeating = false;
  node;
  #device;
  #room;
  #tenths;
  /** What the sensors of the room said last, by their addresses. */
  #heard = new Map();
  /** How often it has checked since it knew how warm it is. */
  #blindChecks = 0;

  /**
   * @param device what the platform has: `SwimNode`, `setInterval`, `store` and `setHeater`, which switches the heater
   * @param options the `room`, the `seeds`, and what else a node may be given, such as `advertise` and `keys`
   */
  constructor(device, { room, ...options }) {
    this.#device = device;
    this.#room = room;
    this.#tenths = readTarget(device.store);
    device.setHeater(false);
    this.node = new device.SwimNode({
      port: PORT,
      config: settings,
      value: report,
      store: device.store,
      ...options,
      onValue: (value, member) => this.#hear(value, member),
      onMemberDown: (member) => this.#forget(member),
      onMemberOverdue: (member) => this.#forget(member),
    });
    this.#publish();
    device.setInterval(() => this.#check(), CHECK_MS);
  }

  /** In degrees Celsius. */
  get target() {
    return this.#tenths / 10;
  }

  set target(celsius) {
    if (!(celsius >= 5 && celsius <= 30))
      throw new RangeError("target: 5 to 30 degrees Celsius; got " + celsius);
    this.#tenths = Math.round(celsius * 10);
    for (const key of KEYS) this.#device.store.set("thermostat", key, String(this.#tenths));
    this.#publish();
    this.#decide();
  }

  #hear({ role, room, tenths }, member) {
    if (role !== SENSOR || room !== this.#room) return;
    this.#heard.set(member.addr, tenths);
    this.#decide();
  }

  #forget({ addr }) {
    if (this.#heard.delete(addr)) this.#decide();
  }

  #check() {
    this.#blindChecks++;
    this.#decide();
  }

  /** What the sensor said that spoke last; undefined when none has for a while. */
  #measured() {
    let newest;
    let newestMs = SILENT_MS;
    for (const [addr, tenths] of this.#heard) {
      // Since it was published: another member may have kept it for us for hours.
      const ageMs = this.node.valueAgeMs(addr);
      if (!(ageMs <= SILENT_MS)) this.#heard.delete(addr);
      else if (ageMs <= newestMs) [newest, newestMs] = [tenths, ageMs];
    }
    return newest;
  }

  #decide() {
    const measured = this.#measured();
    const wasFallback = this.isFallback;
    this.isFallback = measured === undefined;
    if (this.isFallback) {
      if (!wasFallback) this.#blindChecks = 0;
      this.#heat(this.#blindChecks % FROST_CHECKS < FROST_CHECKS_ON);
    } else if (measured < this.#tenths - BAND_TENTHS) this.#heat(true);
    else if (wasFallback || measured > this.#tenths + BAND_TENTHS) this.#heat(false);
  }

  #heat(isHeating) {
    if (isHeating === this.isHeating) return;
    this.isHeating = isHeating;
    this.#device.setHeater(isHeating);
    this.#publish();
  }

  #publish() {
    const { isHeating } = this;
    this.node.publish({ role: THERMOSTAT, room: this.#room, tenths: this.#tenths, isHeating });
  }
}

/** The first of what was kept that makes sense. */
function readTarget(store) {
  for (const key of KEYS) {
    const tenths = Number(store.get("thermostat", key) ?? NaN);
    if (tenths >= 50 && tenths <= 300) return tenths;
  }
  return USUAL_TENTHS;
}
