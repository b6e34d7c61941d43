/**
 * The codec postcard for a device whose `xswim/xs` has bincode only.
 * @module xswim/postcard
 */
import { postcardDialect } from "../../core/postcard.js";
import { serdeCodec, type Codec } from "./index.js";

export { postcardDialect };
/** The codec postcard, like foca's `PostcardCodec`, for the option `codec` of a node. */
export const postcard: Codec = /* @__PURE__ */ serdeCodec(postcardDialect);
