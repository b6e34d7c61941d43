// The thermostat on a Moddable device.
import config from "mc/config";
import Timer from "timer";
import { SwimNode } from "xswim/xs";
import { store } from "xswim/store";
import { WiFiConnection } from "xswim/wifi";
import { setHeater } from "heater";
import { Thermostat } from "thermostat";

const device = { SwimNode, setInterval: (callback, ms) => Timer.repeat(callback, ms), store, setHeater };
const seeds = config.seeds.split(",").filter((seed) => seed !== "");

let thermostat;
new WiFiConnection({
  ssid: config.ssid,
  password: config.password,
  onAddress(found) {
    // The simulator may find another address than the one at which the others reach it.
    const advertise = config.advertise ?? found;
    if (thermostat === undefined)
      thermostat = new Thermostat(device, { room: Number(config.room), seeds, advertise });
    else thermostat.node.networkChanged(advertise);
  },
  onError: (error) => trace(`Wi-Fi: ${error}\n`),
});
