// What is measured of sealing, as one script.
export { BlockCcm, Blocks } from "../../platform/shared/ccm.js";
export { Seal } from "../../platform/shared/seal.js";
