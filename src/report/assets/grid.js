// The grid of distributions and the correlation maps.

// Half the sum of absolute differences: the share that would have to move. null when a side is missing.
function moved(a, b) {
  if (!list(a).length || list(a).length !== list(b).length) return null;
  return a.reduce((total, share, i) => total + Math.abs((share ?? 0) - (b[i] ?? 0)), 0) / 2;
}

function described(chart, columns) {
  const column = columns.get(chart.column) ?? {};
  return {
    ...chart,
    type: column.type ?? chart.type ?? chart.kind,
    role: column.role,
    unit: chart.unit || column.unit || "",
    difference: moved(chart.train, chart.synthetic),
    floor: moved(chart.train, chart.holdout),
  };
}

function drawable(chart) {
  const places = chart.kind === "numeric" ? list(chart.edges).length - 1 : list(chart.labels).length;
  return places > 0 && peopleOf(chart).length > 0 && peopleOf(chart).every((who) => chart[who].length === places);
}

function numbersTable(chart) {
  const rows =
    chart.kind === "numeric"
      ? bins(chart, chart.type).map((row) => ({label: row.range, ...row}))
      : list(chart.labels).map((label, i) => ({
          label,
          ...Object.fromEntries(people.map((who) => [who, list(chart[who])[i]])),
        }));
  return table(
    [
      {title: "Value", cell: (row) => row.label},
      ...people.map((who) => ({title: peopleNames[who], kind: "number", cell: (row) => percent(row[who])})),
    ],
    rows,
    `${chart.column} in numbers`,
  );
}

// The numbers behind a chart, built when asked for.
function numbers(chart) {
  return h(
    "details",
    {
      ontoggle: (event) => {
        if (event.target.open && event.target.children.length === 1) put(event.target, numbersTable(chart));
      },
    },
    h("summary", {}, "Numbers"),
  );
}

function missingText({missing}) {
  const parts = ["train", "synthetic"].filter((who) => isNumber(missing?.[who]));
  if (!parts.some((who) => missing[who] > 0)) return "none missing";
  return `missing: ${parts.map((who) => `${peopleNames[who]} ${percent(missing[who])}`).join(", ")}`;
}

// How values and measuring run over time; null where the column has no series.
function course(chart) {
  if (!chart.series) return null;
  const drawn = (field) => (width, colors) => ({spec: courseSpec(chart.series, field, width, colors)});
  return h(
    "div",
    {class: "course"},
    h("p", {class: "caption"}, "Over time: median, quartiles; share measured"),
    plot(`${chart.column}: quartiles over time of training, held-out and synthetic values`, drawn("middle")),
    plot(`${chart.column}: share of people measured over time`, drawn("measured")),
  );
}

function columnCard(chart) {
  const summary = isNumber(chart.difference) ? `Differs by ${percent(chart.difference)}` : "Not compared";
  const floor = isNumber(chart.floor) ? `real from real ${percent(chart.floor)}` : "";
  const build = (width, colors) => ({
    spec:
      chart.kind === "numeric" ? numericSpec(chart, chart.type, width, colors) : categoricalSpec(chart, width, colors),
  });
  const label = `${chart.column}: distribution of training, held-out and synthetic values. ${summary}. ${floor}`;
  return h(
    "article",
    {class: "column"},
    h(
      "header",
      {},
      h("h3", {}, chart.column),
      h("span", {class: "kind"}, [chart.type, chart.role].filter(Boolean).join(" · ")),
    ),
    h("p", {class: "differs"}, h("b", {}, summary), floor ? ` · ${floor}` : ""),
    drawable(chart) ? plot(label, build) : h("p", {class: "empty"}, "No values to draw."),
    course(chart),
    h("footer", {}, h("span", {}, missingText(chart)), drawable(chart) ? numbers(chart) : null),
  );
}

function columnGrid(report) {
  const columns = new Map(list(report.data?.columns).map((column) => [column.name, column]));
  const series = new Map(list(report.fidelity?.charts?.series).map((chart) => [chart.column, chart]));
  const items = list(report.fidelity?.charts?.distributions).map((chart, place) => {
    const full = {...described(chart, columns), series: series.get(chart.column)};
    return {...full, place, card: columnCard(full)};
  });
  const orders = {
    schema: (a, b) => a.place - b.place,
    name: (a, b) => a.column.localeCompare(b.column),
    difference: (a, b) => (b.difference ?? -1) - (a.difference ?? -1),
  };
  const arrange = () => {
    const search = byId("column-search").value.trim().toLowerCase();
    const type = byId("column-type").value;
    for (const item of items) {
      item.card.hidden = !item.column.toLowerCase().includes(search) || (type !== "" && item.type !== type);
    }
    byId("column-grid").replaceChildren(...items.sort(orders[byId("column-order").value]).map((item) => item.card));
    byId("column-count").textContent = `${items.filter((item) => !item.card.hidden).length} of ${items.length} columns`;
  };
  put(
    byId("column-type"),
    [...new Set(items.map((item) => item.type))].sort().map((type) => h("option", {value: type}, type)),
  );
  byId("column-search").addEventListener("input", arrange);
  byId("column-type").addEventListener("change", arrange);
  byId("column-order").addEventListener("change", arrange);
  arrange();
}

// --- Correlations ---------------------------------------------------------------------------------------------------

function pairs(columns, correlations) {
  const at = (name, i, j) => list(list(correlations[name])[i])[j];
  return columns
    .flatMap((a, i) =>
      columns.slice(0, i).map((b, j) => ({
        a: b,
        b: a,
        real: at("real", j, i),
        synthetic: at("synthetic", j, i),
        difference: at("difference", j, i),
      })),
    )
    .filter((pair) => isNumber(pair.difference))
    .sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
}

function map(title, columns, matrix, bound) {
  const build = (width, colors) => ({
    spec: heatSpec(columns, list(matrix), bound, width, colors),
    canvas: columns.length > canvasAbove,
  });
  return h(
    "figure",
    {},
    h("figcaption", {}, title),
    plot(`${title}: heat map of ${columns.length} by ${columns.length} columns`, build, {"data-square": ""}),
    h(
      "div",
      {class: "scale", "aria-hidden": "true"},
      h("span", {}, number(-bound)),
      h("i"),
      h("span", {}, number(bound)),
    ),
  );
}

function correlationMaps(report) {
  const correlations = report.fidelity?.charts?.correlations ?? {};
  const columns = list(correlations.columns).map(String);
  if (columns.length < 2) {
    put(byId("correlation-maps"), h("p", {class: "empty"}, "Fewer than two columns can be compared."));
    return;
  }
  const worst = pairs(columns, correlations);
  const bound = Math.max(0.2, Math.ceil(10 * Math.abs(worst[0]?.difference ?? 0)) / 10);
  put(
    byId("correlation-maps"),
    map("Real (held out)", columns, correlations.real, 1),
    map("Synthetic", columns, correlations.synthetic, 1),
    map("Difference", columns, correlations.difference, bound),
  );
  const leftOut = list(correlations.left_out);
  put(
    byId("correlation-pairs"),
    leftOut.length ? h("p", {class: "count"}, `Not in the maps: ${leftOut.join(", ")}`) : null,
    h("h3", {}, "Largest differences"),
    shortened(worst, 6, (rows) =>
      table(
        [
          {title: "Columns", cell: (pair) => `${pair.a} × ${pair.b}`},
          {title: "Real", kind: "number", cell: (pair) => number(pair.real)},
          {title: "Synthetic", kind: "number", cell: (pair) => number(pair.synthetic)},
          {title: "Difference", kind: "number", cell: (pair) => number(pair.difference)},
        ],
        rows,
        "Pairs of columns with the largest differences",
      ),
    ),
  );
}
