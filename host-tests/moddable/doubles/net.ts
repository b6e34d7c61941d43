import { world } from "./world.js";

export default {
  get(what: string): string | undefined {
    if (what === "IP") return world.address;
    return what === "MAC" ? world.mac : undefined;
  },
};
