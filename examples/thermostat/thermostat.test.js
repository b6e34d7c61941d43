// The thermostat and its sensors on a fake network, in a room that gets warm and cold.
//
//   node --test examples/thermostat/thermostat.test.js
import assert from "node:assert/strict";
import test from "node:test";
import { FakeNetwork } from "xswim/fake";
import { PORT } from "./house.js";
import { startSensor } from "./sensor.js";
import { Thermostat } from "./thermostat.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ROOM = 3;

/** A room with a thermostat and a sensor. */
class House {
  network = new FakeNetwork({ seed: 11, latencyMs: 3, jitterMs: 20, loss: 0.05 });
  celsius = 18;
  /** Whether the sensor can measure. */
  canMeasure = true;
  isHeaterOn = false;
  /** How long the heater was on. */
  heatedMs = 0;
  thermostatHost = this.network.host("10.0.0.1");
  sensorHost = this.network.host("10.0.0.2");

  /** @param options of both nodes, such as `keys` */
  constructor(options = {}) {
    this.options = options;
    this.thermostat = this.thermostatHost.run((host) => this.startThermostat(host));
    this.sensor = this.sensorHost.run((host) => this.startSensor(host));
    // The weather is a host, too: it has timers, and no node.
    this.network.host("10.0.0.250").setInterval(() => {
      // Without heat it is 5 degrees in the end, and with it 35; it takes hours.
      this.celsius += ((this.isHeaterOn ? 35 : 5) - this.celsius) / 7200;
      if (this.isHeaterOn) this.heatedMs += 1000;
    }, 1000);
  }

  startThermostat({ SwimNode, setInterval, flash }) {
    const setHeater = (isOn) => (this.isHeaterOn = isOn);
    return new Thermostat(
      { SwimNode, setInterval, store: flash, setHeater },
      { room: ROOM, seeds: [`10.0.0.2:${PORT}`], ...this.options },
    );
  }

  startSensor({ SwimNode, setInterval, flash }, room = ROOM) {
    const measure = () => (this.canMeasure ? this.celsius : undefined);
    return startSensor(
      { SwimNode, setInterval, store: flash },
      { room, measure, seeds: [`10.0.0.1:${PORT}`], ...this.options },
    );
  }

  /** Lets time pass until the room has the target. */
  warmUp() {
    const { target } = this.thermostat.current;
    this.network.runUntil(() => Math.abs(this.celsius - target) < 0.3, 6 * HOUR);
  }

  /** Returns the part of `ms` in which the heater was on. */
  heatedPart(ms) {
    const before = this.heatedMs;
    this.network.advance(ms);
    return (this.heatedMs - before) / ms;
  }
}

test("keeps the room at its target for a day", () => {
  const house = new House();
  house.warmUp();
  let coldest = Infinity;
  let warmest = -Infinity;
  for (let minute = 0; minute < 24 * 60; minute++) {
    house.network.advance(MINUTE);
    coldest = Math.min(coldest, house.celsius);
    warmest = Math.max(warmest, house.celsius);
  }
  assert.ok(coldest > 19.4 && warmest < 20.6, `from ${coldest} to ${warmest} degrees`);
  assert.equal(house.thermostat.current.isFallback, false);
});

test("heats a little when its sensor has no power, and goes on when it is back", () => {
  const house = new House();
  house.warmUp();
  house.sensorHost.crash();
  house.network.runUntil(() => house.thermostat.current.isFallback, MINUTE);
  const part = house.heatedPart(4 * HOUR);
  assert.ok(part > 0.24 && part < 0.26, `heated for ${part} of the time`);
  house.sensorHost.start();
  house.network.runUntil(() => !house.thermostat.current.isFallback, MINUTE);
  house.warmUp();
});

test("does not trust a sensor that answers and measures nothing", () => {
  const house = new House();
  house.warmUp();
  house.canMeasure = false;
  house.network.advance(30_000);
  assert.equal(house.thermostat.current.isFallback, false);
  house.network.runUntil(() => house.thermostat.current.isFallback, MINUTE);
  // It is a member all the same, as the others see it.
  assert.match(house.network.describe(), /node 10\.0\.0\.1:7946 .*: Alive 10\.0\.0\.2:7946$/m);
});

test("falls back when it is cut off, and keeps nothing old afterwards", () => {
  const house = new House();
  house.warmUp();
  const heal = house.network.partition([house.thermostatHost], [house.sensorHost]);
  house.network.runUntil(() => house.thermostat.current.isFallback, 2 * MINUTE);
  house.network.advance(HOUR);
  heal();
  house.network.runUntil(() => !house.thermostat.current.isFallback, 2 * MINUTE);
});

test("listens to the sensors of its own room only", () => {
  const house = new House();
  house.sensorHost.crash();
  house.network.host("10.0.0.3").run((host) => house.startSensor(host, ROOM + 1));
  house.network.advance(5 * MINUTE);
  assert.equal(house.thermostat.current.isFallback, true);
});

test("has its target after a reboot, and does not heat before it knows more", () => {
  const house = new House();
  house.thermostat.current.target = 22.5;
  house.warmUp();
  house.thermostatHost.reboot({ offMs: 5000 });
  house.network.advance(5000);
  assert.deepEqual([house.thermostat.current.target, house.isHeaterOn], [22.5, false]);
  assert.throws(() => (house.thermostat.current.target = 225), /5 to 30/);
});

test("has the former target or the new one wherever the power is cut", () => {
  const targets = new Set();
  for (let steps = 0; steps < 4; steps++) {
    const house = new House();
    house.thermostat.current.target = 21;
    house.thermostatHost.flash.cutPowerAfter(steps);
    house.thermostat.current.target = 23;
    house.thermostatHost.start();
    targets.add(house.thermostat.current.target);
  }
  assert.deepEqual([...targets].sort(), [21, 23]);
});

test("works with clocks that are wrong, and on a bad network", () => {
  // What was corrupted is refused by its seal.
  const house = new House({ keys: [{ id: 0, secret: "5f0c6f1d9a2b4e8893d7c1e0a4b65217" }] });
  house.thermostatHost.driftPpm = 20_000;
  house.sensorHost.driftPpm = -20_000;
  Object.assign(house.network.faults, { loss: 0.3, duplication: 0.1, corruption: 0.05, jitterMs: 200 });
  house.warmUp();
  house.network.advance(12 * HOUR);
  assert.ok(Math.abs(house.celsius - 20) < 0.6, `${house.celsius} degrees`);
});

test("costs little traffic", () => {
  const house = new House();
  house.warmUp();
  house.network.countTraffic();
  house.network.advance(HOUR);
  const { bytes } = house.network.traffic(house.thermostatHost);
  assert.ok(bytes / 3600 < 130, `${bytes / 3600} bytes a second`);
});
