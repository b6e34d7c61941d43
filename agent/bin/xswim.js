#!/usr/bin/env node
// The command. It is not built itself: npm links it in a clone before anything else is built.
import { existsSync } from "node:fs";

const program = new URL("../dist/cli.js", import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write("xswim is not built yet: run npm run build in the root of the repository\n");
  process.exitCode = 1;
}
