// The debug build of the core, in which every call of `Swim` checks the invariants when it ends.

/** A plugin of rollup and of vitest that turns `DEBUG` on. */
export function debugBuild(): { name: string; enforce: "pre"; load: (id: string) => string | null } {
  return {
    name: "debug-build",
    enforce: "pre",
    load: (id) => (/\/core\/debug\.[jt]s$/.test(id) ? "export const DEBUG = true;" : null),
  };
}
