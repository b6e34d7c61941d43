// The page with 1,000 members, all of which are heard of and publish.
import { closeCircle, crowd } from "./mock-agent.js";
import { describePage, eventually, expect, test } from "./support.js";

const MEMBERS = 1000;
/** A second has so many messages about members, as from an agent, with so many of them in each. */
const MESSAGES = 4;
const CHANGED = 100;
const SECONDS = 4;
/** No more are drawn in a second; what came late from before may be drawn too. */
const MOST_DRAWN = 6;

/** What a page has counted of itself. */
interface Counts {
  frames: number;
  longTasks: number;
  longestMs: number;
  renders: number;
  rows: number;
  elements: number;
}
type Counting = Counts & { stop: () => void };

describePage("crowd", ({ agent, open }) => {
  test("draws-few-rows-and-seldom-whatever-comes", async () => {
    const members = crowd(MEMBERS);
    const mock = await agent({ members });
    closeCircle([mock.self, ...members]);
    const page = await open(mock);
    await eventually(() => page.locator("h1 .state-in-words").innerText(), "1,001 members");
    await page.evaluate(startCounting);
    let next = 0;
    for (let tick = 0; tick < SECONDS * MESSAGES; tick++) {
      const changed = Array.from({ length: CHANGED }, () => {
        const one = members[(next += 7) % MEMBERS];
        const now = new Date().toISOString();
        Object.assign(one, { rttMs: 1 + (next % 50), value: "record " + next, lastHeard: now });
        one.state = next % 97 === 0 ? "Suspect" : "Alive";
        one.suspectedBy = one.state === "Suspect" ? mock.self.addr : null;
        one.history = [...one.history, { at: now, value: one.value ?? "" }].slice(-16);
        return one;
      });
      mock.change(...changed);
      for (let i = 0; i < 10; i++)
        mock.tell("value", 'value of 10.0.0.1:7946 (bump 1): "' + tick + " " + i + '"');
      await page.evaluate(
        (px) => document.querySelector(".rows")?.scrollBy(0, px),
        tick % 5 === 0 ? 900 : 40,
      );
      await page.waitForTimeout(1000 / MESSAGES);
    }
    const counts = await page.evaluate(endCounting);
    console.log(MEMBERS + " members: " + JSON.stringify(counts));
    expect(counts.rows).toBeLessThanOrEqual(45);
    expect(counts.elements).toBeLessThan(1500);
    expect(counts.renders / counts.seconds).toBeLessThanOrEqual(MOST_DRAWN);
    await eventually(() => page.locator(".events li").count(), 100);
  });
});

/** Runs in the page. Renders are counted at the events, which scrolling does not draw anew. */
function startCounting(): void {
  const counting: Counting = {
    frames: 0,
    longTasks: 0,
    longestMs: 0,
    renders: 0,
    rows: 0,
    elements: 0,
    stop: () => undefined,
  };
  const startMs = performance.now();
  let isOver = false;
  const frame = (): void => {
    counting.frames++;
    if (!isOver) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      counting.longTasks++;
      counting.longestMs = Math.max(counting.longestMs, Math.round(duration));
    }
  });
  tasks.observe({ entryTypes: ["longtask" as "measure"] });
  const renders = new MutationObserver(() => {
    counting.renders++;
    counting.rows = Math.max(counting.rows, document.querySelectorAll(".rows .line").length);
  });
  renders.observe(document.querySelector(".events ol") as Node, { childList: true, subtree: true });
  counting.stop = () => {
    isOver = true;
    tasks.disconnect();
    renders.disconnect();
    counting.elements = document.querySelectorAll("*").length;
    Object.assign(counting, { seconds: (performance.now() - startMs) / 1000 });
  };
  Object.assign(globalThis, { counting });
}

function endCounting(): Counts & { seconds: number } {
  const { stop, ...counts } = (globalThis as unknown as { counting: Counting }).counting;
  stop();
  const { counting } = globalThis as unknown as { counting: Counts & { seconds: number } };
  return { ...counts, elements: counting.elements, seconds: counting.seconds };
}
