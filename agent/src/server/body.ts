import type { IncomingMessage } from "node:http";
import { Refusal } from "./exchange.js";

/** The longest body that is read. */
export const MOST_BODY_BYTES = 64 * 1024;

/** Reads a JSON object. An empty body is an empty one. @throws Refusal */
export async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = await readText(request);
  let value: unknown;
  try {
    value = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refusal(400, "the body is no JSON object");
  return value as Record<string, unknown>;
}

function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MOST_BODY_BYTES) return void chunks.push(chunk);
      chunks.length = 0;
      request.pause();
      reject(
        new Refusal(413, "the body is longer than " + MOST_BODY_BYTES + " bytes", { Connection: "close" }),
      );
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", () => reject(new Refusal(400, "the body was not sent whole")));
  });
}

/** A text of the body. @throws Refusal */
export function textOf(body: Record<string, unknown>, name: string): string {
  const text = body[name];
  if (typeof text === "string") return text;
  throw new Refusal(400, "expected " + name + ", a text");
}
