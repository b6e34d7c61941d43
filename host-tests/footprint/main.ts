// npm run footprint: the table, or with --json the same as JSON.
import { measureFootprint, table } from "./report.js";

const footprint = await measureFootprint();
console.log(process.argv.includes("--json") ? JSON.stringify(footprint, null, 2) : table(footprint));
