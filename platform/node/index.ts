export { SwimNode } from "./swim-node.js";
export type { SwimNodeOptions } from "../shared/options.js";
export {
  bincode,
  lan,
  Metric,
  namedMetrics,
  plain,
  plainV4,
  plainV6,
  postcard,
  renewableAddr,
  renewableV4,
  simple,
  SwimError,
  wan,
  type Codec,
  type Config,
  type HeaderValue,
  type IdentityType,
  type Member,
  type Renewable,
} from "../../core/index.js";
