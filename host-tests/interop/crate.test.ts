import { expect, inject, test } from "vitest";
import { cargo, focaManifest } from "../../bench/sim/foca-crate.js";

/** How long cargo may take to build them on a slow machine. */
const PATIENCE_MS = 600_000;

test.runIf(inject("hasCargo"))(
  "the-tests-of-the-crate-itself-pass",
  () => {
    expect(() => cargo("test", "--release", "--lib", "--manifest-path", focaManifest())).not.toThrow();
  },
  PATIENCE_MS,
);
