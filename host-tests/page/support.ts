// What the tests of the page have in common.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findChromium, launch } from "./browser.js";
import { MockAgent, type MockOptions } from "./mock-agent.js";

const PATIENCE_MS = 15_000;
const path = findChromium();

/** What a test of the page works with. */
export interface Desk {
  /** Starts an agent, which ends with the test. */
  agent(options?: MockOptions): Promise<MockAgent>;
  /** Opens an agent's page and waits until it is live. */
  open(
    agent: MockAgent,
    options?: BrowserContextOptions & { hash?: string; isLocked?: boolean },
  ): Promise<Page>;
}

/** Tests in a browser, which are skipped where there is none. At the end of each one the page must have kept its rules. */
export function describePage(name: string, tests: (desk: Desk) => void): void {
  const title = path === undefined ? name + " (no Chromium; install one, or name it in CHROMIUM)" : name;
  describe.skipIf(path === undefined)(title, () => {
    let browser: Browser;
    const agents: MockAgent[] = [];
    const pages: Page[] = [];
    const broken: string[] = [];
    beforeAll(async () => {
      browser = await launch(path ?? "");
    }, 60_000);
    afterAll(() => browser.close());
    afterEach(async () => {
      for (const page of pages.splice(0)) await page.context().close();
      for (const agent of agents.splice(0)) await agent.stop();
      expect(broken.splice(0), "rules that the page broke").toEqual([]);
    });
    const desk: Desk = {
      async agent(options) {
        const agent = new MockAgent(options);
        await agent.start();
        agents.push(agent);
        return agent;
      },
      async open(agent, { hash = "", isLocked = false, ...options } = {}) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        pages.push(page);
        await watch(page, agent.url, broken);
        await page.goto(agent.url + hash);
        await page.locator('.link[data-link="' + (isLocked ? "locked" : "live") + '"]').waitFor();
        return page;
      },
    };
    tests(desk);
  });
}

/** Notes each error, each breach of the policy, and each request to elsewhere. */
async function watch(page: Page, url: string, broken: string[]): Promise<void> {
  page.on("pageerror", (error) => broken.push("error: " + error.message));
  page.on("dialog", (dialog) => {
    broken.push("dialog: " + dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(url) && !to.startsWith("data:")) broken.push("request to " + to);
  });
  await page.exposeFunction("noteViolation", (text: string) => broken.push("policy: " + text));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      const { violatedDirective, blockedURI } = event as SecurityPolicyViolationEvent;
      const { noteViolation } = globalThis as unknown as { noteViolation: (text: string) => void };
      noteViolation(violatedDirective + " " + blockedURI);
    });
  });
}

/** Waits until it is so. */
export async function eventually(read: () => Promise<unknown> | unknown, wanted: unknown): Promise<void> {
  await expect.poll(read, { timeout: PATIENCE_MS, interval: 50 }).toEqual(wanted);
}

/** The texts of the rows in the page, cell by cell. */
export function rowTexts(page: Page, cell = ".address"): Promise<string[]> {
  return page.locator(".rows .line " + cell).allInnerTexts();
}

export { expect, test };
