// Findings: how one stands against its floor, as words, as a line with a dot, as a headline card, as table rows.

const groups = ["fidelity", "utility", "fairness", "audit"];

function allFindings(report) {
  return groups.flatMap((group) => list(report[group]?.findings).map((finding) => ({group, ...finding})));
}

const humanName = (name) => {
  const words = String(name)
    .replaceAll("_", " ")
    .replace(/\b(auc|ks|tv)\b/g, (short) => short.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
};

// "good": at the floor or better; "near": only the interval reaches it; "bad": worse; "": nothing to compare with.
function standing(finding) {
  const {value, low, high, reference, better} = finding;
  if (!isNumber(value) || !isNumber(reference) || better === "neither") return "";
  const sign = better === "lower" ? 1 : -1;
  if (sign * (value - reference) <= 0) return "good";
  const best = better === "lower" ? low : high;
  return isNumber(best) && sign * (best - reference) <= 0 ? "near" : "bad";
}

const standingWords = {good: "no worse than real", near: "within error of real", bad: "worse than real"};

function badge(finding) {
  const kind = standing(finding);
  return kind ? h("span", {class: `badge ${kind}`}, standingWords[kind]) : null;
}

// The range a finding is drawn on: from zero, to one when that is its natural end.
function domain(finding) {
  const known = [finding.value, finding.low, finding.high, finding.reference].filter(isNumber);
  const most = Math.max(...known, 0);
  const least = Math.min(...known, 0);
  if (most <= 1 && least >= 0 && (most > 0.4 || finding.better === "higher")) return [0, 1];
  if (most === least) return [0, 1];
  const room = (most - least) * 0.2;
  return [least < 0 ? least - room : 0, most > 0 ? most + room : 0];
}

function track(finding) {
  if (!isNumber(finding.value)) return null;
  const [least, most] = domain(finding);
  const place = (value) => 100 * Math.min(1, Math.max(0, (value - least) / (most - least)));
  const mark = (name, left, width) => {
    const element = h("i", {class: name});
    element.style.left = `${left}%`;
    if (width !== undefined) element.style.width = `${width}%`;
    return element;
  };
  const {value, low, high, reference} = finding;
  return h(
    "div",
    {class: `track ${standing(finding)}`, role: "img", "aria-label": sentence(finding)},
    isNumber(low) && isNumber(high) ? mark("interval", place(low), place(high) - place(low)) : null,
    isNumber(reference) ? mark("floor", place(reference)) : null,
    mark("dot", place(value)),
    h(
      "span",
      {class: "ends", "aria-hidden": "true"},
      h("b", {}, number(least)),
      h("b", {}, number(Number(most.toPrecision(2)))),
    ),
  );
}

function sentence(finding) {
  const {value, low, high, reference} = finding;
  const interval = isNumber(low) && isNumber(high) ? `, 95 % interval ${number(low)} to ${number(high)}` : "";
  const floor = isNumber(reference) ? `, floor ${number(reference)}` : ", no floor";
  return `${humanName(finding.name)}: ${number(value)}${interval}${floor}`;
}

const intervalText = ({low, high}) => (isNumber(low) && isNumber(high) ? `${number(low)} – ${number(high)}` : "");

function card(finding) {
  const interval = intervalText(finding);
  return h(
    "li",
    {class: "card"},
    h(
      "h3",
      {},
      humanName(finding.name),
      list(finding.columns).length ? h("small", {}, finding.columns.join(", ")) : null,
    ),
    h(
      "p",
      {class: "value"},
      h("span", {class: "big"}, number(finding.value)),
      isNumber(finding.reference)
        ? h("span", {class: "beside"}, "floor ", h("b", {}, number(finding.reference)))
        : null,
      badge(finding),
    ),
    track(finding),
    h(
      "p",
      {class: "meaning"},
      finding.meaning,
      interval ? h("span", {class: "interval"}, `95 % interval ${interval}`) : null,
    ),
  );
}

// The findings the verdict names, in its order; of several with one name, that of the whole table.
function headline(report) {
  const findings = allFindings(report);
  return list(report.verdict?.headline)
    .map((name) => {
      const same = findings.filter((finding) => finding.name === name);
      return same.find((finding) => list(finding.columns).length === 0) ?? same[0];
    })
    .filter(Boolean);
}

const findingColumns = [
  {title: "Group", key: (f) => f.group, cell: (f) => f.group},
  {
    title: "Finding",
    key: (f) => f.name.toLowerCase(),
    cell: (f) => [h("b", {}, humanName(f.name)), h("span", {class: "meaning"}, f.meaning)],
  },
  {title: "Columns", key: (f) => list(f.columns).join(), cell: (f) => list(f.columns).join(" × ") || "whole table"},
  {title: "Value", kind: "number", key: (f) => f.value, cell: (f) => [number(f.value), track(f)]},
  {title: "Interval", kind: "number", key: (f) => f.low, cell: intervalText},
  {title: "Floor", kind: "number", key: (f) => f.reference, cell: (f) => number(f.reference)},
  {
    title: "Against the floor",
    key: (f) => ["bad", "near", "good", ""].indexOf(standing(f)),
    cell: (f) => badge(f) ?? "–",
  },
];

const findingPage = 60;

// What has no value comes last in either direction.
function compare(a, b, down) {
  const sign = down ? -1 : 1;
  if (typeof a === "string") return sign * a.localeCompare(String(b));
  if (!isNumber(a) || !isNumber(b)) return isNumber(b) - isNumber(a);
  return sign * (a - b);
}

// The sortable, searchable table of all findings.
function findingTable(report) {
  const state = {search: "", group: "", column: -1, down: false};
  const findings = allFindings(report);
  const holder = byId("finding-table");
  const matches = (f) =>
    (!state.group || f.group === state.group) &&
    [f.name, humanName(f.name), f.meaning, ...list(f.columns)].join(" ").toLowerCase().includes(state.search);
  const sortBy = (column) => {
    state.down = state.column === column && !state.down;
    state.column = column;
    show();
    holder.querySelectorAll("th button")[column].focus();
  };
  const show = () => {
    const rows = findings.filter(matches);
    if (state.column >= 0) {
      const {key} = findingColumns[state.column];
      rows.sort((a, b) => compare(key(a), key(b), state.down));
    }
    byId("finding-count").textContent = `${number(rows.length)} of ${number(findings.length)} findings`;
    holder.replaceChildren(
      shortened(rows, findingPage, (part) => withSorting(table(findingColumns, part, "All findings"), state, sortBy)),
    );
  };
  byId("finding-search").addEventListener("input", (event) => {
    state.search = event.target.value.trim().toLowerCase();
    show();
  });
  byId("finding-group").addEventListener("change", (event) => {
    state.group = event.target.value;
    show();
  });
  put(
    byId("finding-group"),
    [...new Set(findings.map((f) => f.group))].map((group) => h("option", {value: group}, group)),
  );
  show();
}

function withSorting(element, state, sortBy) {
  element.querySelectorAll("th").forEach((head, index) => {
    const sorted = state.column === index;
    head.setAttribute("aria-sort", sorted ? (state.down ? "descending" : "ascending") : "none");
    head.replaceChildren(
      h(
        "button",
        {type: "button", onclick: () => sortBy(index)},
        head.textContent,
        h("span", {"aria-hidden": "true"}, sorted ? (state.down ? " ↓" : " ↑") : ""),
      ),
    );
  });
  element.classList.add("findings");
  return element;
}
