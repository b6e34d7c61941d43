import { postcardDialect } from "../../core/postcard.js";
import { serdeCodec, type Codec } from "./index.js";

export { postcardDialect };
/** foca's `PostcardCodec`, for the option `codec` of a node whose module has bincode only. */
export const postcard: Codec = /* @__PURE__ */ serdeCodec(postcardDialect);
