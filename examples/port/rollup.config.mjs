// Makes xswim.js, one script without modules that leaves xswim/xs in the global variable `xswim`:
// npx rollup -c node_modules/xswim/examples/port/rollup.config.mjs
import { fileURLToPath } from "node:url";

/** What takes the place of the modules of Moddable's SDK: the globals of platform.js. */
const globals = { timer: "Timer", time: "Time", net: "Net", "embedded:io/socket/udp": "UDP" };

export default {
  input: fileURLToPath(import.meta.resolve("xswim/xs")),
  external: Object.keys(globals),
  onLog(level, log, handle) {
    if (log.code !== "MISSING_NODE_BUILTINS") handle(level, log); // "net" is not Node's here
  },
  output: { file: "xswim.js", format: "iife", name: "xswim", globals, generatedCode: "es2015" },
};
