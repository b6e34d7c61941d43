// No heater: says what one would do.
export function setHeater(isOn) {
  trace(isOn ? "heater on\n" : "heater off\n");
}
