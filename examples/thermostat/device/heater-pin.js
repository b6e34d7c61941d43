// The relay of a heater, at the pin `relay` of the manifest.
import config from "mc/config";
import Digital from "pins/digital";

export function setHeater(isOn) {
  Digital.write(Number(config.relay), isOn ? 1 : 0);
}
