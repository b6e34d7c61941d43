// Builds the page that an agent serves: one file, agent/dist/page/index.html, with its script and its style in it. The
// agent allows these two by their hashes, and nothing else.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The libraries in the page, whose licences stand beside it. */
const LIBRARIES = ["preact", "uplot", "eventsource-parser"];

const licenses = {
  name: "licenses",
  generateBundle() {
    const source = LIBRARIES.map((name) => {
      const entry = fileURLToPath(import.meta.resolve(name));
      const inside = "node_modules/" + name;
      const folder = entry.slice(0, entry.lastIndexOf(inside) + inside.length);
      return "Part of the page: " + name + "\n\n" + readFileSync(folder + "/LICENSE", "utf8").trim() + "\n";
    }).join("\n\n");
    this.emitFile({ type: "asset", fileName: "licenses.txt", source });
  },
};

/** Puts scripts and styles into the page, and leaves no other file. */
const singleFile = {
  name: "single-file",
  enforce: "post",
  generateBundle(_options, bundle) {
    const page = bundle["index.html"];
    const inlined = [];
    const take = (name) => {
      const file = bundle[name.replace(/^\.?\//, "")];
      if (file === undefined) throw new Error("the page asks for " + name + ", which is not built");
      inlined.push(file.fileName);
      return file.code ?? String(file.source);
    };
    // A function, since a replacement text would have its dollar signs read.
    page.source = String(page.source)
      .replace(/<script\b[^>]*\bsrc="([^"]+)"[^>]*><\/script>/g, (_tag, name) => {
        const code = take(name)
          .replace(/<\/(script)/gi, "<\\/$1")
          .replace(/<!--/g, "<\\!--");
        return '<script type="module">' + code.trim() + "</script>";
      })
      .replace(/<link\b[^>]*\brel="stylesheet"[^>]*\bhref="([^"]+)"[^>]*>/g, (_tag, name) => {
        return "<style>" + take(name).trim() + "</style>";
      });
    for (const name of inlined) delete bundle[name];
    const others = Object.keys(bundle).filter((name) => name !== "index.html" && name !== "licenses.txt");
    if (others.length > 0) this.error("not in the page: " + others.join(", "));
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  logLevel: "warn",
  plugins: [licenses, singleFile],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 100_000,
    reportCompressedSize: false,
  },
});
