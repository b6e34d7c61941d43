import { world } from "./world.js";

type Found = (host: string, address?: string) => void;

/** The names that are looked up, and who is told; a test answers. */
export const lookUps: { host: string; found: Found }[] = [];

export default {
  resolve(host: string, found: Found): void {
    lookUps.push({ host, found });
  },

  get(what: string): string | undefined {
    if (what === "IP") return world.address;
    return what === "MAC" ? world.mac : undefined;
  },
};
