import { writeFileSync } from "node:fs";
import { parse, View } from "vega";
import { compile } from "vega-lite";

const LOOK = {
  background: "white",
  padding: 12,
  font: "sans-serif",
  title: { fontSize: 16, subtitleFontSize: 12, subtitleColor: "#555", anchor: "start", offset: 14 },
  axis: { labelFontSize: 12, titleFontSize: 12, gridColor: "#e4e4e4", titlePadding: 8 },
  legend: { labelFontSize: 12, titleFontSize: 12, labelLimit: 0, orient: "bottom", columns: 2 },
  line: { strokeWidth: 2 },
  point: { size: 45, filled: true },
};

/** Draws a specification of Vega-Lite to docs/plots/NAME.svg, without a browser. */
export async function draw(name, spec) {
  const whole = { $schema: "https://vega.github.io/schema/vega-lite/v6.json", ...spec, config: LOOK };
  const view = new View(parse(compile(whole).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  writeFileSync(new URL(`../../docs/plots/${name}.svg`, import.meta.url), svg + "\n");
}
