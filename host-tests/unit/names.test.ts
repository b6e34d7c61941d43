// Texts that stand for tables in the core, against the tables.
import { expect, test } from "vitest";
import { MESSAGE_NAMES, MessageKind, State, STATE_NAMES } from "../../core/codec.js";
import { Status, statusName } from "../../core/status.js";

test.each([
  ["messages", MESSAGE_NAMES, MessageKind],
  ["states", STATE_NAMES, State],
])("each-of-the-%s-has-its-own-name", (_, names, table: Record<string, number>) => {
  expect(names).toHaveLength(Object.keys(table).length);
  expect(Object.fromEntries(names.map((name, number) => [name, number]))).toEqual(table);
});

test("each-status-has-its-own-name", () => {
  for (const [name, number] of Object.entries(Status)) expect(statusName(number)).toBe(name);
});
