// Takes the pictures of the page in docs/: npm run screenshots
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, findChromium } from "./browser.js";
import { exampleAgent } from "./example.js";

const docs = (name: string): string => fileURLToPath(new URL("../../docs/" + name, import.meta.url));

const path = findChromium();
if (path === undefined) throw new Error("no Chromium; install one, or name it in CHROMIUM");
const agent = exampleAgent();
await agent.start();
const browser = await launch(path);

interface Shot {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
  /** The member whose details are open, if any; or a tab to turn to. */
  readonly open?: string;
  readonly tab?: string;
}

async function shoot({ name, width, height, colorScheme, open, tab }: Shot): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  await page.goto(agent.url);
  await page.locator('.link[data-link="live"]').waitFor();
  if (open !== undefined) await page.locator(".rows .line", { hasText: open }).click();
  if (tab !== undefined) await page.getByRole("button", { name: tab, exact: true }).click();
  // Two seconds of traffic and records.
  await page.waitForTimeout(2200);
  const file = name.includes("/") ? name : docs(name);
  await page.screenshot({ path: file });
  console.log(file + ": " + statSync(file).size + " bytes");
  await page.close();
}

try {
  await shoot({ name: "page-desktop.png", width: 1240, height: 760, colorScheme: "light" });
  await shoot({ name: "page-phone.png", width: 390, height: 844, colorScheme: "dark" });
  const more = process.argv[2];
  if (more !== undefined) {
    await shoot({
      name: more + "/desktop-dark-details.png",
      width: 1440,
      height: 900,
      colorScheme: "dark",
      open: "10.1.7.13",
    });
    await shoot({
      name: more + "/phone-details.png",
      width: 390,
      height: 844,
      colorScheme: "light",
      open: "10.1.7.13",
    });
    await shoot({
      name: more + "/phone-circle.png",
      width: 390,
      height: 844,
      colorScheme: "dark",
      tab: "Circle",
    });
    await shoot({
      name: more + "/phone-events.png",
      width: 390,
      height: 844,
      colorScheme: "light",
      tab: "Events",
    });
    await shoot({
      name: more + "/phone-traffic.png",
      width: 390,
      height: 844,
      colorScheme: "dark",
      tab: "Traffic",
    });
    await shoot({ name: more + "/tablet.png", width: 900, height: 700, colorScheme: "light" });
  }
} finally {
  await browser.close();
  await agent.stop();
}
