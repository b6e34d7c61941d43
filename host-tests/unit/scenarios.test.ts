import { describe, test } from "vitest";
import { subjects } from "../scenarios/index.js";

for (const [subject, scenarios] of Object.entries(subjects)) {
  describe(subject, () => {
    for (const [behaviour, run] of Object.entries(scenarios)) test(behaviour, run);
  });
}
