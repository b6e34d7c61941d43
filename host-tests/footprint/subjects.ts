// All that is measured inside a machine.
export { FloorSubject, SteadySubject } from "./steady.js";
export * from "./subject.js";
export { ValuedSubject } from "./valued-subject.js";
