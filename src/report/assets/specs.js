// Vega-Lite specifications of the charts. Names from the report are data values or page text, never field names or
// expressions.

const people = ["train", "holdout", "synthetic"];
const peopleNames = {train: "training", holdout: "held out", synthetic: "synthetic"};

// Those whose values a chart holds.
const peopleOf = (chart) => people.filter((who) => list(chart[who]).some(isNumber));

function palette() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "soft", "line", "paper", "train", "holdout", "synthetic", "minus", "zero", "plus", "font"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function chartConfig(colors) {
  return {
    background: null,
    font: colors.font,
    view: {stroke: null},
    axis: {
      labelColor: colors.soft,
      titleColor: colors.soft,
      domainColor: colors.line,
      tickColor: colors.line,
      gridColor: colors.line,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: "normal",
      tickSize: 4,
      labelPadding: 4,
    },
  };
}

const toDate = {date: (days) => days * 864e5, datetime: (microseconds) => microseconds / 1000};
const iso = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 16).replace("T00:00", "").replace("T", " ");

// Edges and heights of a binned chart. Bins of unequal width show density, or a wide bin would look too important.
function bins(chart, type) {
  const edges = list(chart.edges).map(toDate[type] ?? ((edge) => edge));
  const widths = edges.slice(1).map((edge, i) => edge - edges[i]);
  const even = Math.max(...widths) - Math.min(...widths) <= 1e-6 * Math.max(...widths);
  const text = toDate[type] ? iso : number;
  return widths.map((width, i) => ({
    from: edges[i],
    to: edges[i + 1],
    even,
    width,
    range: `${text(edges[i])} to ${text(edges[i + 1])}`,
    ...Object.fromEntries(people.map((who) => [who, list(chart[who])[i] ?? null])),
  }));
}

const asText = (row) => Object.fromEntries(people.map((who) => [`${who}Text`, percent(row[who])]));

const shareTooltip = (title, field) => [
  {field, title},
  ...people.map((who) => ({field: `${who}Text`, title: peopleNames[who]})),
];

function numericSpec(chart, type, width, colors) {
  const rows = bins(chart, type);
  const height = (row, who) => (row.even ? row[who] : row[who] / row.width);
  const last = rows[rows.length - 1];
  const used = peopleOf(chart);
  const outline = used.flatMap((who) => [
    ...rows.map((row) => ({x: row.from, y: height(row, who), who})),
    {x: last.to, y: height(last, who), who},
  ]);
  const x = {
    field: "x",
    type: toDate[type] ? "utc" : "quantitative",
    scale: {zero: false, nice: false},
    title: chart.unit || null,
  };
  x.axis = {
    grid: false,
    tickCount: Math.max(3, Math.round(width / 90)),
    labelFlush: true,
    labelOverlap: true,
    ...(toDate[type] ? {} : {format: Math.abs(last.to) >= 1e6 ? "~s" : ",~r"}),
  };
  if (x.type === "utc") Object.assign(x, {type: "temporal", scale: {type: "utc", nice: false}});
  const y = {
    field: "y",
    type: "quantitative",
    title: null,
    axis: {
      tickCount: 3,
      domain: false,
      ticks: false,
      ...(last.even ? {format: "~%"} : {labels: false, title: "density"}),
    },
  };
  const marks = {
    train: {type: "area", color: colors.train, fillOpacity: 0.28, line: {color: colors.train, strokeWidth: 1}},
    holdout: {type: "line", color: colors.holdout, strokeWidth: 1.25, strokeDash: [2, 2]},
    synthetic: {type: "line", color: colors.synthetic, strokeWidth: 2},
  };
  return {
    width,
    height: 190,
    autosize: {type: "fit", contains: "padding"},
    data: {values: outline},
    layer: [
      ...used.map((who) => ({
        transform: [{filter: {field: "who", equal: who}}],
        mark: {interpolate: "step-after", tooltip: false, ...marks[who]},
        encoding: {x, y},
      })),
      {
        name: "hover",
        data: {values: rows.map((row) => ({...row, ...asText(row)}))},
        mark: {type: "rect", fill: colors.ink, fillOpacity: 0},
        encoding: {x: {...x, field: "from"}, x2: {field: "to"}, tooltip: shareTooltip("value", "range")},
      },
    ],
  };
}

const mostLabels = 8;

// The labels of a categorical chart, the most frequent first when there are too many to show.
function labelRows(chart) {
  const rows = list(chart.labels).map((label, i) => ({
    label: String(label),
    ...Object.fromEntries(people.map((who) => [who, list(chart[who])[i] ?? null])),
  }));
  if (rows.length <= mostLabels) return rows;
  rows.sort((a, b) => Math.max(b.train, b.synthetic) - Math.max(a.train, a.synthetic));
  const rest = rows.slice(mostLabels - 1);
  const sum = (who) => rest.reduce((total, row) => total + (row[who] ?? 0), 0);
  return [
    ...rows.slice(0, mostLabels - 1),
    {label: `${rest.length} others`, ...Object.fromEntries(people.map((who) => [who, sum(who)]))},
  ];
}

function categoricalSpec(chart, width, colors) {
  const rows = labelRows(chart);
  const used = peopleOf(chart);
  const values = rows.flatMap((row, place) =>
    used.map((who) => ({place, label: row.label, who, share: row[who], ...asText(row)})),
  );
  return {
    width,
    height: Math.min(190, 34 + 44 * rows.length),
    autosize: {type: "fit", contains: "padding"},
    data: {values},
    mark: {type: "bar", cornerRadiusEnd: 1.5},
    encoding: {
      y: {
        field: "label",
        type: "nominal",
        sort: {field: "place"},
        title: null,
        scale: {paddingInner: 0.28, paddingOuter: 0.1},
        axis: {domain: false, ticks: false, labelLimit: width * 0.36, labelColor: colors.ink},
      },
      yOffset: {field: "who", type: "nominal", sort: used},
      x: {
        field: "share",
        type: "quantitative",
        title: null,
        axis: {format: "~%", tickCount: 4, domain: false, ticks: false},
      },
      color: {
        field: "who",
        type: "nominal",
        legend: null,
        scale: {domain: people, range: people.map((who) => colors[who])},
      },
      tooltip: shareTooltip("value", "label"),
    },
  };
}

// Rows of a series chart: one for each part of time and kind of people.
function courseRows(chart) {
  return list(chart.at).flatMap((at, i) =>
    people.map((who) => {
      const {low, middle, high, measured} = chart[who] ?? {};
      const row = {at, who, low: list(low)[i], middle: list(middle)[i], high: list(high)[i], measured: list(measured)[i]};
      return {...row, name: peopleNames[who], text: number(row.middle), share: percent(row.measured), when: number(at)};
    }),
  );
}

const timeTitle = (chart) => (chart.time_unit ? `${chart.time} (${chart.time_unit})` : chart.time);

// Quartiles over time (field "middle"), or the share of people who have a value (field "measured").
function courseSpec(chart, field, width, colors) {
  const quartiles = field === "middle";
  const x = {
    field: "at",
    type: "quantitative",
    scale: {zero: false, nice: false},
    title: quartiles ? null : timeTitle(chart),
    axis: {grid: false, tickCount: Math.max(3, Math.round(width / 90)), labelFlush: true, labels: !quartiles},
  };
  const y = {
    type: "quantitative",
    title: null,
    scale: {zero: !quartiles, nice: true},
    axis: {
      tickCount: quartiles ? 4 : 2,
      domain: false,
      ticks: false,
      minExtent: 36, // both charts of a column begin at the same place
      maxExtent: 36,
      ...(quartiles ? {} : {format: "~%"}),
    },
  };
  const color = {
    field: "who",
    type: "nominal",
    legend: null,
    scale: {domain: people, range: people.map((who) => colors[who])},
  };
  const dash = {
    field: "who",
    type: "nominal",
    legend: null,
    scale: {domain: people, range: [[1, 0], [2, 2], [1, 0]]},
  };
  const line = {
    mark: {type: "line", tooltip: false, strokeWidth: 1.75},
    encoding: {x, y: {...y, field}, color, strokeDash: dash},
  };
  const band = {
    transform: [{filter: {field: "who", oneOf: ["train", "synthetic"]}}],
    mark: {type: "area", fillOpacity: 0.16, tooltip: false},
    encoding: {x, y: {...y, field: "low"}, y2: {field: "high"}, color},
  };
  const hover = {
    mark: {type: "point", opacity: 0, size: 140, tooltip: true},
    encoding: {
      x,
      y: {...y, field},
      tooltip: [
        {field: "name", title: "people"},
        {field: "when", title: chart.time},
        {field: "text", title: "median"},
        {field: "share", title: "measured"},
      ],
    },
  };
  return {
    width,
    height: quartiles ? 150 : 74,
    autosize: {type: "fit", contains: "padding"},
    data: {values: courseRows(chart)},
    layer: quartiles ? [band, line, hover] : [line, hover],
  };
}

function heatSpec(columns, matrix, bound, width, colors) {
  const values = columns.flatMap((a, i) =>
    columns.map((b, j) => ({a, b, value: list(matrix[i])[j] ?? null, text: number(list(matrix[i])[j])})),
  );
  const axis = {
    title: null,
    domain: false,
    ticks: false,
    labels: columns.length <= 40,
    labelLimit: 84,
    labelColor: colors.ink,
    labelFontSize: columns.length > 20 ? 9 : 10,
  };
  return {
    width,
    height: width,
    autosize: {type: "fit", contains: "padding"},
    data: {values},
    mark: {type: "rect", invalid: null, stroke: colors.paper, strokeWidth: columns.length > 40 ? 0 : 1},
    encoding: {
      x: {field: "b", type: "nominal", sort: null, axis: {...axis, labelAngle: -90}},
      y: {field: "a", type: "nominal", sort: null, axis},
      color: {
        field: "value",
        type: "quantitative",
        legend: null,
        condition: {test: {field: "value", valid: false}, value: colors.line},
        scale: {
          type: "linear",
          interpolate: "rgb",
          domain: [-bound, 0, bound],
          range: [colors.minus, colors.zero, colors.plus],
          clamp: true,
        },
      },
      tooltip: [
        {field: "a", title: "column"},
        {field: "b", title: "with"},
        {field: "text", title: "value"},
      ],
    },
  };
}
