// Building blocks of the page. Text from the report only ever becomes a text node.

// h("p", {class: "x", onclick: f}, "text", node, [more]): an element. `on…` keys are listeners, the rest attributes.
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  put(element, ...children);
  return element;
}

function put(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

const byId = (id) => document.getElementById(id);
const list = (value) => (Array.isArray(value) ? value : []);
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

// Three digits that matter; whole numbers in full, with thousands apart.
function number(value) {
  if (value === "infinite") return "∞";
  if (!isNumber(value)) return "–";
  if (Number.isInteger(value) || Math.abs(value) >= 1000)
    return minus(value.toLocaleString("en-US", {maximumFractionDigits: 0}));
  if (Math.abs(value) < 0.0005)
    return minus(value.toExponential(1)).replace("e", " × 10^").replace(/\^.*/, superscript);
  return minus(String(Number(value.toPrecision(3))));
}

const minus = (text) => text.replace(/^-/, "−");
const superscript = (power) => [...power.slice(1)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
const percent = (share) => (isNumber(share) ? `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %` : "–");
const seconds = (value) =>
  !isNumber(value) ? "–" : value < 90 ? `${number(value)} s` : `${(value / 60).toFixed(1)} min`;

// A value of the report as text, whatever its kind.
function plain(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(plain).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

// Terms and what they are: pairs of [term, value or node or nothing].
function terms(pairs, attributes = {}) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h(
    "dl",
    {class: "terms", ...attributes},
    shown.map(([term, value]) =>
      h("div", {}, h("dt", {}, term), h("dd", {}, value instanceof Node ? value : plain(value))),
    ),
  );
}

// A table that becomes a stack of cards on a narrow page. columns: [{title, cell(row), kind}], kind "number" or "".
function table(columns, rows, caption) {
  const body = rows.map((row) =>
    h(
      "tr",
      {},
      columns.map((column) => h("td", {class: column.kind, "data-title": column.title}, column.cell(row))),
    ),
  );
  return h(
    "div",
    {class: "scroll"},
    h(
      "table",
      {},
      h("caption", {class: "hidden-text"}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((column) => h("th", {scope: "col", class: column.kind}, column.title)),
        ),
      ),
      h("tbody", {}, body),
    ),
  );
}

// Rows up to `limit`, and a button for the rest.
function shortened(rows, limit, build) {
  const holder = h("div");
  const show = (count) => {
    holder.replaceChildren(build(rows.slice(0, count)));
    if (count < rows.length) {
      put(holder, h("button", {type: "button", onclick: () => show(rows.length)}, `Show all ${number(rows.length)}`));
    }
  };
  show(limit);
  return holder;
}
