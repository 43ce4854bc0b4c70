// What was done: the privacy statement, the ledger, the data, and how to run it again.

function epsilonText({epsilon, delta}) {
  if (!isNumber(epsilon)) return "ε = ∞";
  return delta > 0 ? `ε = ${number(epsilon)}, δ = ${number(delta)}` : `ε = ${number(epsilon)}`;
}

// "2024-05-02T09:14:07Z" for reading; other texts as they are.
const timeText = (when) => (when ? String(when).replace(/^([\d-]{10})T([\d:.]+)Z$/, "$1 $2 UTC") : "–");

const eventCost = ({epsilon}) => (isNumber(epsilon) ? number(epsilon) : "∞");

function privacySection(report) {
  const privacy = report.privacy ?? {};
  const events = list(privacy.events);
  const guarantee = privacy.guarantee && typeof privacy.guarantee === "object" ? Object.entries(privacy.guarantee) : [];
  put(
    byId("privacy-text"),
    h(
      "ul",
      {class: "plain"},
      list(privacy.plain).map((text) => h("li", {}, text)),
    ),
    terms([
      ["Guarantee", guarantee.length ? "" : privacy.guarantee || "none"],
      ...guarantee,
      ["Charged in the ledger", epsilonText(privacy)],
      ["Protected unit", privacy.unit],
      ["Reason given", privacy.reason],
      ["Ledger", privacy.ledger],
    ]),
  );
  if (!events.length) {
    put(byId("ledger"), h("p", {class: "empty"}, "The ledger has no entry."));
    return;
  }
  put(
    byId("ledger"),
    h("h3", {}, `The ledger: ${number(events.length)} ${events.length === 1 ? "entry" : "entries"}`),
    shortened(events, 25, (rows) =>
      table(
        [
          {title: "When", cell: (event) => timeText(event.when)},
          {title: "What", cell: (event) => event.kind},
          {title: "Whose records", cell: (event) => event.part},
          {title: "What for", cell: (event) => event.purpose},
          {title: "Side", cell: (event) => event.side},
          {title: "ε", kind: "number", cell: eventCost},
        ],
        rows,
        "Every look at the records",
      ),
    ),
  );
}

function rangeText(range) {
  if (Array.isArray(range) && range.length === 2 && range.every(isNumber))
    return `${number(range[0])} to ${number(range[1])}`;
  if (Array.isArray(range) && range.length > 8)
    return `${range.slice(0, 7).map(plain).join(", ")} and ${range.length - 7} more`;
  return plain(range);
}

const countsText = (counts) =>
  Object.entries(counts ?? {})
    .map(([name, count]) => `${number(count)} ${peopleNames[name] ?? name}`)
    .join(" · ");

function dataSection(report) {
  const data = report.data ?? {};
  const columns = list(data.columns);
  const problems = list(data.problems);
  const leftOut = list(data.left_out);
  const sources = list(report.run?.sources);
  put(
    byId("data-text"),
    terms([
      ["Schema", data.schema],
      [data.unit === "person" ? "People" : "Subjects", countsText(data.subjects)],
      ["Rows", countsText(data.rows)],
    ]),
    sources.length
      ? [
          h("h3", {}, "Sources"),
          h(
            "ul",
            {class: "plain"},
            sources.map((source) => h("li", {}, source)),
          ),
        ]
      : null,
    h("h3", {}, "Columns"),
    shortened(columns, 25, (rows) =>
      table(
        [
          {title: "Column", cell: (column) => h("b", {}, column.name)},
          {title: "Type", cell: (column) => column.type},
          {title: "Unit", cell: (column) => column.unit || "–"},
          {title: "Role", cell: (column) => column.role || "–"},
          {title: "Range", cell: (column) => rangeText(column.range)},
          {
            title: "Bounds",
            cell: (column) => (column.public ? "public" : h("span", {class: "badge bad"}, "read off the data")),
          },
        ],
        rows,
        "Columns",
      ),
    ),
    h("h3", {}, "Problems found while reading"),
    problems.length
      ? table(
          [
            {title: "File", cell: (problem) => problem.file},
            {title: "Column", cell: (problem) => problem.column || "–"},
            {title: "What", cell: (problem) => problem.what},
            {title: "Count", kind: "number", cell: (problem) => number(problem.count)},
            {title: "First places", cell: (problem) => plain(list(problem.places).length ? problem.places : problem.lines)},
          ],
          problems,
          "Problems found while reading",
        )
      : h("p", {class: "empty"}, "None."),
    leftOut.length
      ? [
          h("h3", {}, "Records left out on purpose"),
          table(
            [
              {title: "File", cell: (record) => record.file},
              {title: "What", cell: (record) => record.what},
              {title: "Count", kind: "number", cell: (record) => number(record.count)},
            ],
            leftOut,
            "Records left out on purpose",
          ),
        ]
      : null,
  );
}

function runSection(report) {
  const run = report.run ?? {};
  const options = Object.entries(run.options ?? {});
  const spent = Object.entries(run.seconds ?? {}).filter(([, value]) => isNumber(value));
  put(
    byId("run-text"),
    run.command ? h("pre", {class: "command", tabindex: "0"}, run.command) : null,
    terms([
      ["Run", run.name],
      ["Generator", run.generator],
      ["Mode", run.mode],
      ["Seed", run.seed === undefined ? "" : String(run.seed)],
      ["Understudy", run.understudy_version],
      ["Time", spent.map(([step, value]) => `${step} ${seconds(value)}`).join(" · ")],
    ]),
    options.length ? [h("h3", {}, "Options"), terms(options, {class: "terms options"})] : null,
  );
}
