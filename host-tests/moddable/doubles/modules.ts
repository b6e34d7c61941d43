/** The modules of the app, by name. */
export const modules = new Map<string, unknown>();

export default {
  has: (name: string): boolean => modules.has(name),
  importNow(name: string): unknown {
    if (!modules.has(name)) throw new ReferenceError("module not found: " + name);
    return modules.get(name);
  },
};
