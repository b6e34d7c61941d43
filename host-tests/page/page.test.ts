// The page that an agent serves, in a real browser.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { exampleAgent } from "./example.js";
import { closeCircle, crowd, member, PAGE } from "./mock-agent.js";
import { describePage, eventually, expect, rowTexts, test } from "./support.js";

const MARKUP = '<img src=x onerror="alert(1)"><b>bold</b>&amp;';
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

test("fits-into-60-KB-gzipped-in-one-file", () => {
  const html = readFileSync(PAGE);
  expect(gzipSync(html).length).toBeLessThanOrEqual(60 * 1024);
  // Nothing else is loaded: what is in the file has no address of another.
  expect(html.toString("utf8")).not.toMatch(/<(?:script|link|img)\b[^>]*\b(?:src|href)="(?!data:)/);
});

describePage("page", ({ agent, open }) => {
  test("shows-every-member-and-the-cluster-in-words", async () => {
    const mock = await agent({
      members: [
        member("10.0.0.1:7946", { value: "21.5 °C", flaps: 3, rttMs: 12 }),
        member("10.0.0.2:7946", { state: "Suspect", suspectedBy: "10.0.0.1:7946" }),
        member("10.0.0.3:7946", { state: "Asleep", napUntil: new Date(Date.now() + 600_000).toISOString() }),
        member("10.0.0.10:7946", { state: "Down" }),
      ],
    });
    const page = await open(mock);
    expect(await page.locator("h1").innerText()).toContain("4 members, 1 suspect, 1 asleep, 1 gone");
    expect(await rowTexts(page)).toEqual([
      "10.0.0.1:7946",
      "10.0.0.2:7946",
      "10.0.0.3:7946",
      "10.0.0.10:7946",
      "127.0.0.1:7946self",
    ]);
    const first = page.locator(".rows .line").first();
    expect(await first.locator(".rtt").innerText()).toBe("12 ms");
    expect(await first.locator(".flaps").textContent()).toContain("3");
    expect(await first.locator(".value").innerText()).toBe("21.5 °C");
    expect((await rowTexts(page, ".state"))[2]).toMatch(/^Asleep, (10|9) min/);
    expect(await page.locator(".suspicions").innerText()).toBe("10.0.0.1:7946 suspects 10.0.0.2:7946");
    expect(await page.locator(".circle canvas").getAttribute("aria-label")).toContain(
      "3 members in a circle",
    );
  });

  test("follows-members-events-and-traffic-as-they-come", async () => {
    const mock = await agent({ members: crowd(3) });
    mock.tell("memberUp", "before the page was opened");
    const page = await open(mock);
    await eventually(() => page.locator(".events li bdi").allInnerTexts(), ["before the page was opened"]);
    mock.change(member("10.0.0.1:7946", { state: "Suspect", value: "new record" }), member("10.9.9.9:7946"));
    mock.remove("10.0.0.2:7946");
    mock.tell("memberSuspect", "what comes now");
    await eventually(() => rowTexts(page, ".value"), ["record 0", "new record", "", ""]);
    await eventually(
      () => page.locator(".events li bdi").allInnerTexts(),
      ["what comes now", "before the page was opened"],
    );
    await eventually(() => page.title(), "4 members, 1 suspect – xswim");
    await eventually(
      () => page.locator(".legend .received").innerText(),
      expect.stringMatching(/received \d+\/s/),
    );
  });

  test("shows-what-comes-from-the-network-as-text", async () => {
    const value = MARKUP + "\u202Ereversed\u0007\n" + "long ".repeat(5000);
    const history = [
      { at: new Date().toISOString(), value: MARKUP },
      { at: new Date().toISOString(), value: "ünï 🐟" },
    ];
    const evil = member(MARKUP, {
      value,
      history,
      suspectedBy: MARKUP,
      state: "Suspect",
      bump: MARKUP as unknown as number,
    });
    const troubles = [{ kind: MARKUP, text: MARKUP, at: new Date().toISOString() }];
    const mock = await agent({ members: [evil], info: { troubles, version: MARKUP, cluster: MARKUP } });
    closeCircle([mock.self, evil]);
    mock.tell(MARKUP.replace(/\n/g, ""), MARKUP + "\u202E");
    const page = await open(mock);
    await page.locator(".rows .line", { hasText: "<img" }).click();
    await page.locator(".details .history").waitFor();
    await eventually(() => page.locator(".events li").count(), 1);
    expect(await page.locator("img, b").count()).toBe(0);
    const text = await page.locator("body").innerText();
    expect(text).toContain(MARKUP);
    expect(text).toContain("\\u202ereversed\\u0007");
    expect(text).not.toMatch(/[\u202e\u0007]/);
    expect(text.length).toBeLessThan(20_000);
    await page.locator(".own button").click();
    await eventually(
      () => page.locator(".details .facts").last().innerText(),
      expect.stringContaining("<img src=x"),
    );
  });

  test("is-used-by-keyboard", async () => {
    const page = await open(await agent({ members: crowd(200) }));
    await page.getByRole("searchbox", { name: "Filter members" }).focus();
    // Past the five kinds and the seven headings.
    for (let i = 0; i < 13; i++) await page.keyboard.press("Tab");
    const active = (): Promise<string | null> =>
      page.evaluate(() => {
        const id = document.activeElement?.getAttribute("aria-activedescendant") ?? "";
        return document.getElementById(id)?.querySelector(".address")?.textContent ?? null;
      });
    await eventually(active, "10.0.0.0:7946");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await eventually(active, "10.0.0.2:7946");
    await page.keyboard.press("End");
    await eventually(active, "127.0.0.1:7946self");
    await page.keyboard.press("ArrowUp");
    await eventually(active, "10.0.0.199:7946");
    await page.keyboard.press("Enter");
    await eventually(() => page.locator(".details:focus h2").innerText(), "10.0.0.199:7946");
    await page.keyboard.press("Escape");
    await eventually(active, "10.0.0.199:7946");
    expect(await page.locator(".details").count()).toBe(0);
    await page.locator(".heads .rtt button").press("Enter");
    await page.locator(".heads .rtt button").press("Enter");
    expect(await page.locator(".heads .rtt").getAttribute("aria-sort")).toBe("descending");
    await eventually(async () => (await rowTexts(page, ".rtt"))[0], "40 ms");
  });

  test("finds-members-by-text-and-by-state", async () => {
    const page = await open(
      await agent({ members: [...crowd(20), member("10.3.0.1:1", { state: "Left", value: "needle" })] }),
    );
    await page.getByRole("searchbox", { name: "Filter members" }).fill("NEEDLE");
    await eventually(() => rowTexts(page), ["10.3.0.1:1"]);
    await page.getByRole("searchbox", { name: "Filter members" }).fill("10.0.0.1");
    await eventually(async () => (await rowTexts(page)).length, 11);
    await page.getByRole("button", { name: "Suspect" }).click();
    await eventually(() => page.locator(".nobody").first().innerText(), "No member is like that.");
  });

  test("fits-a-phone-without-sideways-scrolling", async () => {
    const long = member("fe80:1111:2222:3333:4444:5555:6666:7777:7946", {
      value: "x".repeat(500),
      rttMs: 12_345,
    });
    const troubles = [{ kind: "seedsSilent", text: "y".repeat(300), at: new Date().toISOString() }];
    const mock = await agent({ members: [...crowd(30), long], info: { troubles } });
    mock.tell("value", "z".repeat(400));
    const page = await open(mock, PHONE);
    const excess = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    for (const tab of ["Circle", "Traffic", "Events", "Members"]) {
      await page.getByRole("button", { name: tab, exact: true }).tap();
      expect([tab, await excess()]).toEqual([tab, 0]);
    }
    await page.getByRole("searchbox", { name: "Filter members" }).fill("fe80");
    await page.locator(".rows .line").first().tap();
    await page.locator(".details").waitFor();
    expect(await excess()).toBe(0);
    await page.getByRole("button", { name: "Close" }).tap();
    await page.locator(".members").waitFor();
  });

  test("is-dark-where-that-is-wanted-and-can-be-read", async () => {
    const mock = exampleAgent();
    await mock.start();
    for (const colorScheme of ["dark", "light"] as const) {
      const page = await open(mock, { colorScheme });
      const contrast = await page.evaluate(leastContrast);
      expect([colorScheme, contrast.back < 128 ? "dark" : "light"]).toEqual([colorScheme, colorScheme]);
      // As WCAG asks of text.
      expect(contrast.least, contrast.text).toBeGreaterThanOrEqual(4.5);
    }
    await mock.stop();
  });
});

/** Runs in the page: the text that stands out least from what is behind it, and how bright the page is. */
function leastContrast(): { back: number; least: number; text: string } {
  const numbers = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string): number => {
    const [r, g, b] = numbers(color).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((numbers(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  let [least, text] = [Infinity, ""];
  for (const element of document.querySelectorAll(".page *")) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.textContent?.trim() !== "",
    );
    if (
      !own ||
      element.closest("option") !== null ||
      element.clientHeight + element.getClientRects().length === 0
    )
      continue;
    const a = luminance(getComputedStyle(element).color) + 0.05;
    const b = luminance(behind(element)) + 0.05;
    const ratio = Math.max(a, b) / Math.min(a, b);
    if (ratio < least) [least, text] = [ratio, element.textContent ?? ""];
  }
  return { back: numbers(getComputedStyle(document.body).backgroundColor)[0], least, text };
}
