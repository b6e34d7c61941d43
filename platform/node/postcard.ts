/** The second codec by the name that it has on a device, where it is a module of its own. */
export { postcard, postcardDialect } from "../../core/index.js";
