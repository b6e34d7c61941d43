import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Refusal, type Answer } from "./exchange.js";

/** Where the build puts it. */
const PATH = fileURLToPath(new URL("../page/index.html", import.meta.url));

/** The page, a single file. */
export class Page {
  private readonly html: Buffer | undefined;
  private readonly gzipped: Buffer | undefined;
  private readonly policy: string = "";

  constructor(path = PATH) {
    try {
      this.html = readFileSync(path);
    } catch {
      return;
    }
    this.gzipped = gzipSync(this.html);
    this.policy = policyOf(this.html.toString("utf8"));
  }

  /** @throws Refusal when it was not built */
  answer(acceptEncoding: string | string[] | undefined): Answer {
    const { html, gzipped } = this;
    if (html === undefined || gzipped === undefined)
      throw new Refusal(404, "the page is not there; see /api/info");
    const isGzip = /\bgzip\b/.test(String(acceptEncoding ?? ""));
    return {
      status: 200,
      type: "text/html; charset=utf-8",
      body: isGzip ? gzipped : html,
      headers: {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": this.policy,
        Vary: "Accept-Encoding",
        ...(isGzip ? { "Content-Encoding": "gzip" } : {}),
      },
    };
  }
}

/** Allows the scripts and styles that stand in the page, and no others. */
export function policyOf(html: string): string {
  const scripts = hashesOf(html, /<script\b[^>]*>([\s\S]*?)<\/script>/gi);
  const styles = hashesOf(html, /<style\b[^>]*>([\s\S]*?)<\/style>/gi);
  return [
    "default-src 'none'",
    "script-src " + (scripts || "'none'"),
    "style-src " + (styles || "'none'"),
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function hashesOf(html: string, pattern: RegExp): string {
  // A browser hashes what it reads, in which every line ends alike.
  const texts = Array.from(html.matchAll(pattern), (match) => match[1].replace(/\r\n?/g, "\n"));
  const hashes = texts.map((text) => createHash("sha256").update(text).digest("base64"));
  return hashes.map((hash) => "'sha256-" + hash + "'").join(" ");
}
