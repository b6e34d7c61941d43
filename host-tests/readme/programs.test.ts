import { describe, expect, test } from "vitest";
import { pagesWithPrograms, Programs } from "./programs.js";

type Expected = Record<string, RegExp[]>;

/** What each program of the README must have printed by its end. */
const README: Expected = {
  node: [
    /17946 sees 127\.0\.0\.1:17947/,
    /17947 sees 127\.0\.0\.1:17946/,
    /17946 hears 21\.5 degrees from 127\.0\.0\.1:17947/,
    /17946 misses 127\.0\.0\.1:17947/,
  ],
};

/** The same of the guide. */
const GUIDE: Expected = {
  node: [
    /17956 sees 127\.0\.0\.1:17957/,
    /17957 sees 127\.0\.0\.1:17956/,
    /17956 hears 21\.5 degrees from 127\.0\.0\.1:17957/,
    /17956 misses 127\.0\.0\.1:17957/,
  ],
  values: [
    /^(10\.0\.0\.\d:7946 reads 2\d\.5 degrees\n){3}(10\.0\.0\.\d:7946 has 90 percent, said 60 s ago\n){3}10\.0\.0\.1:7946 reads 21\.9 degrees\n/,
    /10\.0\.0\.3:7946 is down; it read 23\.5 degrees, \d\d s ago\nand when it is forgotten: undefined\n$/,
  ],
  discover: [
    /^found each other within \d seconds\n10\.0\.0\.4: nobody was found .* "home" is near.*\nand the one in the garden knows 0\n$/,
  ],
  trouble: [
    /^10\.0\.0\.2:7946 is suspected, says 10\.0\.0\.1:7946\n10\.0\.0\.2:7946 is well\nthe shed answers after 10 ms\n/,
    /10\.0\.0\.3:7946 left\n[^]*10\.0\.0\.2:7946 died\nseedsSilent: no answer from 10\.0\.0\.77:7946/,
  ],
  core: [/members of c: 10\.0\.0\.1:7946 Alive, 10\.0\.0\.2:7946 Alive/],
  gather: [
    /10\.0\.0\.1:7946 memberUp 10\.0\.0\.3:7946[^]*10\.0\.0\.1:7946 memberDown 10\.0\.0\.3:7946[^]*dropped: 0, 0\n$/,
  ],
  fake: [/the light went out \d+ virtual seconds after the crash/],
  nap: [
    /10\.0\.0\.2:7946 sleeps for 60 s/,
    /10\.0\.0\.2:7946 Asleep, 10\.0\.0\.3:7946 Asleep\n10\.0\.0\.2:7946 is up\n10\.0\.0\.3:7946 should be back by now\n10\.0\.0\.2:7946 Alive\n$/,
  ],
  keys: [/^2 2 2 and the stranger knows 0\n2 2 2 with the new key\n$/],
  sealed: [
    /10\.0\.0\.1:7946 knows 10\.0\.0\.2:7946/,
    /10\.0\.0\.2:7946 knows 10\.0\.0\.1:7946/,
    /10\.0\.0\.1:7946 refuses \d+ bytes/,
  ],
  identity: [/an Announce of 3\d bytes shrank to 10/],
  broadcast: [/told: lamp 3 is at 80\ntold: lamp 3 is at 40\nheard from 10\.0\.0\.1:1: lamp 3 is at 40\n$/],
  state: [/knows 2 members before the first datagram\nthe others know its new life/],
  wellknown: [/found by the others within \d+ seconds/],
};

const expected: Record<string, Expected> = { "README.md": README, "docs/GUIDE.md": GUIDE };
/** Pages whose programs have tests of their own. */
const others = ["docs/TEN-MINUTES.md", "docs/TESTING.md"];

test("every-page-with-programs-is-tested", () => {
  expect(pagesWithPrograms().sort()).toEqual([...Object.keys(expected), ...others].sort());
});

describe.each(Object.entries(expected))("%s", (page, printed) => {
  const programs = new Programs(page);

  test("every-program-is-run", () => {
    expect(programs.names).toEqual(Object.keys(printed).sort());
  });

  test.each(Object.keys(printed))("%s", { timeout: 90_000 }, async (name) => {
    const output = await programs.run(name);
    for (const pattern of printed[name]) expect(output).toMatch(pattern);
  });
});
