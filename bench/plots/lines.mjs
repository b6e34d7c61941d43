/** A chart of lines over a number of nodes; every row has `x`, `y` and `series`. */
export function lines({ title, subtitle, x, y, rows, series, isLog = true, values }) {
  const present = rows.filter((row) => typeof row.y === "number");
  return {
    title: { text: title, subtitle },
    width: 560,
    height: 320,
    data: { values: present },
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        title: x,
        scale: { type: "log", base: 2, nice: false },
        axis: { values, format: "d" },
      },
      y: {
        field: "y",
        type: "quantitative",
        title: y,
        scale: isLog ? { type: "log" } : { zero: true },
        axis: isLog ? { format: "~g", tickCount: 6 } : { format: ",.2~f" },
      },
      color: { field: "series", type: "nominal", title: null, sort: series, scale: { domain: series } },
      shape: { field: "series", type: "nominal", title: null, sort: series, scale: { domain: series } },
    },
  };
}
