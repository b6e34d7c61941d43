/**
 * Whether every call of `Swim` checks the invariants when it ends. Tests replace this module by one that says true. A
 * bundler that folds constants, as ours does, leaves nothing of the checks in a release.
 */
export const DEBUG: boolean = false;
