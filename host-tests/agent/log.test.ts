import { expect, test } from "vitest";
import { makeLog, quoted } from "../../agent/src/agent/log.js";

function sink(): { text: string; write(line: string): void } {
  return {
    text: "",
    write(line) {
      this.text += line;
    },
  };
}

test("writes-an-event-as-one-json-line", () => {
  const out = sink();
  makeLog("info", true, out).info({ event: "idle", members: 0 }, "alone\nfor now");
  const { time, ...others } = JSON.parse(out.text) as Record<string, unknown>;
  expect(others).toEqual({ level: "info", event: "idle", members: 0, msg: "alone\nfor now" });
  expect(new Date(time as string).toISOString()).toBe(time);
  expect(out.text.split("\n")).toHaveLength(2);
});

test("writes-an-event-as-a-line-for-people", () => {
  const out = sink();
  makeLog("info", false, out).warn({ event: "error" }, "socket: it failed");
  expect(out.text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z WARN {2}socket: it failed\n$/);
});

test("keeps-quiet-about-what-is-below-the-level", () => {
  const out = sink();
  const log = makeLog("warn", true, out);
  log.info({}, "no");
  makeLog("silent", true, out).error({}, "no");
  expect(out.text).toBe("");
});

test("shows-text-from-the-network-without-what-a-terminal-obeys", () => {
  expect(quoted('plain "text"')).toBe('"plain \\"text\\""');
  expect(quoted("\u001b[2J\r\n\u0007")).toBe('"\\u001b[2J\\r\\n\\u0007"');
  expect(quoted("\u009b2J\u007f\u202e\u2028")).toBe('"\\u009b2J\\u007f\\u202e\\u2028"');
  expect(quoted("Grüße 你好")).toBe('"Grüße 你好"');
});
