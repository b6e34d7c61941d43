// What a Moddable app includes: a bundle of a node with what it needs, small modules beside it, and one of everything.
// Class fields and private names stay native: their helpers use WeakMaps, which cannot be written to once they are in flash.
import { Sources } from "./scripts/xs-build/sources.mjs";
import { minifyForFlash } from "./scripts/xs-build/minify.mjs";

/** The bundles, and the modules that they are made of. */
const INPUTS = {
  xs: "platform/xs/index.ts",
  postcard: "platform/xs/postcard.ts",
  metrics: "platform/shared/metrics.ts",
  schema: "platform/shared/schema.ts",
  wifi: "platform/xs/wifi/connection.ts",
  "simulated-wifi": "platform/xs/wifi/simulated.ts",
  "setup-network": "platform/xs/wifi/setup-network.ts",
  store: "platform/xs/store/preference.ts",
  "zephyr-store": "platform/xs/zephyr/store.ts",
  "zephyr-net": "platform/xs/zephyr/net.ts",
  sealed: "platform/xs/sealed/index.ts",
  discover: "platform/xs/discover/index.ts",
  "random-bytes": "platform/xs/sealed/random-bytes.ts",
  "mac-bytes": "platform/xs/sealed/mac-bytes.ts",
  "simulated-bytes": "platform/xs/sealed/simulated-bytes.ts",
  "full/xs": "platform/xs/full.ts",
  "full/schema": "platform/shared/schema.ts",
};
/** What each of the names that users import is declared in. */
const DECLARED_IN = {
  xs: "./types/index.js",
  postcard: "./types/postcard.js",
  metrics: "../platform/shared/metrics.js",
  schema: "../platform/shared/schema.js",
  wifi: "./types/wifi/connection.js",
  store: "./types/store/preference.js",
  sealed: "./types/sealed/index.js",
  discover: "./types/discover/index.js",
  "zephyr-store": "./types/store/preference.js",
  "full/xs": "../types/index.js",
  "full/xswim": "../../core/index.js",
  "full/schema": "../../platform/shared/schema.js",
};

const sources = new Sources("platform/xs/tsconfig.json", Object.values(INPUTS));
const names = sources.privateNames;
/** One for all bundles: an object of one may be handed to another. */
const shortened = { properties: {}, variables: {}, helpers: {} };

function bundle(name, ...plugins) {
  return {
    input: INPUTS[name],
    external: ["time", "timer", "net", "modules", "preference", "crypt", "xswim/unique-bytes", /^embedded:/],
    output: {
      dir: "dist/xs",
      entryFileNames: `${name}.js`,
      format: "es",
      generatedCode: "es2015",
      // Not named in the code: the linker warns of sources that are not shipped.
      sourcemap: "hidden",
      sourcemapExcludeSources: true,
    },
    plugins: [sources.plugin(), ...minifyForFlash(name, names, shortened), ...plugins],
  };
}

/** A small module takes the node from the bundle of that. */
const besideTheNode = {
  name: "beside-the-node",
  resolveId: (source, importer) =>
    /^\.\.?\/index\.js$/.test(source) && /\/(postcard|sealed\/index)\.ts$/.test(importer ?? "")
      ? { id: "xswim/xs", external: true }
      : null,
};

/** Where an app includes everything, schemas are those of the bundle, because `identity` looks for their class. */
const ofEverything = {
  name: "of-everything",
  resolveId: (source) => (source.startsWith("../../core/") ? { id: "xswim/xs", external: true } : null),
};

const texts = {
  name: "texts",
  generateBundle() {
    const emit = (fileName, source) => this.emitFile({ type: "asset", fileName, source });
    for (const [name, module] of Object.entries(DECLARED_IN))
      emit(`${name}.d.ts`, `export * from "${module}";\n`);
    // The names of the core, where an app includes everything: one bundle under two names.
    emit("full/xswim.js", 'export * from "xswim/xs";\n');
  },
};

const mapOfNames = {
  name: "map-of-names",
  generateBundle() {
    const source = JSON.stringify(shortened, null, 1) + "\n";
    this.emitFile({ type: "asset", fileName: "names.json", source });
  },
};

export default [
  bundle("xs", texts, sources.declarations("types")),
  { ...bundle("postcard"), plugins: [besideTheNode, ...bundle("postcard").plugins] },
  { ...bundle("sealed"), plugins: [besideTheNode, ...bundle("sealed").plugins] },
  bundle("random-bytes"),
  bundle("mac-bytes"),
  bundle("simulated-bytes"),
  bundle("metrics"),
  bundle("schema"),
  bundle("wifi"),
  bundle("discover"),
  bundle("simulated-wifi"),
  bundle("setup-network"),
  bundle("store"),
  bundle("zephyr-store"),
  bundle("zephyr-net"),
  { ...bundle("full/schema"), plugins: [ofEverything, ...bundle("full/schema").plugins] },
  bundle("full/xs", mapOfNames),
];
