/** On these platforms the engine's `Math.random` gives the same numbers after every start. */
export function fillRandom(): boolean {
  return false;
}
