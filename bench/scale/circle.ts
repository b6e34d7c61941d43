import { pointOf } from "../sim/inside.js";
import type { Crowd } from "./crowd.js";

/** For each host its successor on the circle of hashed addresses, among those that `isOn`; -1 for the others. */
export function successorsIn(crowd: Crowd, isOn: (host: number) => boolean): Int32Array {
  const { identities, naming, codec } = crowd;
  const points = identities.map((bytes) => pointOf(bytes, naming, codec.dialect));
  const order = points
    .map((_, host) => host)
    .filter(isOn)
    .sort((a, b) => points[a] - points[b]);
  const successors = new Int32Array(identities.length).fill(-1);
  order.forEach((host, i) => {
    successors[host] = order[(i + 1) % order.length];
  });
  return successors;
}
