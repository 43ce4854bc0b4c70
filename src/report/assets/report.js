// The page: the first screen, then every section; theme, print, and the start of the charts.

const decisions = {
  "not private": [
    "Not private. Nothing is guaranteed.",
    "stop",
    "No. Nothing protects the people in it, and nobody declassified it.",
  ],
  reject: ["Rejected. It must not leave.", "stop", "No. It failed a condition of release."],
  hold: ["Held. A person has to decide.", "wait", "Not yet. Someone responsible has to look first."],
  release: ["May be released.", "go", "Yes, within the guarantee stated below."],
};

const declassified =
  "It was declassified: somebody decided so, and nothing protects the people in it. Treat it as the real records.";

function leaveText({privacy, verdict}, usual) {
  const free = list(privacy.events).some((event) => event.kind === "declassify");
  return verdict.decision === "not private" && free ? declassified : usual;
}

const total = (counts) =>
  Object.values(counts ?? {})
    .filter(isNumber)
    .reduce((sum, value) => sum + value, 0);

function whatText({run, data}) {
  const {train, synthetic} = data.subjects ?? {};
  const some = (count, kind, rows) =>
    data.unit === "person"
      ? `${number(count)} ${kind} people with ${number(rows)} rows`
      : `${number(count)} ${kind} rows`;
  return (
    `${some(synthetic, "synthetic", data.rows?.synthetic)}, made by ${run.generator || "another tool"} from ` +
    `${some(train, "real", data.rows?.train)}.`
  );
}

function lossText(privacy) {
  if (!isNumber(privacy.epsilon)) return `An unlimited privacy loss, ${epsilonText(privacy)}`;
  return privacy.epsilon > 0 ? `A privacy loss of ${epsilonText(privacy)}` : "No privacy budget was charged";
}

function costText({run, privacy}) {
  const looks = list(privacy.events).length;
  return (
    `${lossText(privacy)}; ${number(looks)} ${looks === 1 ? "entry" : "entries"} in the ledger; ` +
    `${seconds(total(run.seconds))} of computing.`
  );
}

// Headline cards in a row of a wide page: up to five, more in two even rows.
const across = (count) => (count <= 5 ? count : Math.min(5, Math.ceil(count / 2)));

function verdictSection(report) {
  const {run, verdict} = report;
  const [title, kind, leave] = decisions[verdict.decision] ?? [humanName(verdict.decision), "wait", "See the reasons."];
  const reasons = list(verdict.reasons);
  const cards = headline(report);
  put(
    byId("verdict"),
    h(
      "div",
      {class: `verdict ${kind}`},
      h("p", {class: "eyebrow"}, "Report on ", h("b", {}, run.name)),
      run.stamp ? h("p", {class: "stamp"}, run.stamp) : null,
      h("h1", {}, title),
      h("p", {class: "summary"}, verdict.summary),
      h(
        "dl",
        {class: "facts"},
        h("div", {}, h("dt", {}, "What is this?"), h("dd", {}, whatText(report))),
        h("div", {}, h("dt", {}, "May it leave?"), h("dd", {}, leaveText(report, leave))),
        h(
          "div",
          {},
          h("dt", {}, "Why?"),
          h(
            "dd",
            {},
            reasons.length
              ? h(
                  "ul",
                  {},
                  reasons.map((reason) => h("li", {}, reason)),
                )
              : "No reason was recorded.",
          ),
        ),
        h("div", {}, h("dt", {}, "What did it cost?"), h("dd", {}, costText(report))),
      ),
    ),
    cards.length
      ? h(
          "ul",
          {class: "cards", "aria-label": "Headline numbers", style: `--across: ${across(cards.length)}`},
          cards.map(card),
        )
      : null,
  );
  document.body.dataset.kind = kind;
}

// --- Theme and print ------------------------------------------------------------------------------------------------

const darkWished = matchMedia("(prefers-color-scheme: dark)");
let chosen = ""; // "": as the system wishes

function applyTheme(theme = chosen || (darkWished.matches ? "dark" : "light")) {
  document.documentElement.dataset.theme = theme;
  byId("theme").textContent = theme === "dark" ? "Light" : "Dark";
  byId("theme").setAttribute("aria-label", `Switch to ${byId("theme").textContent.toLowerCase()} colours`);
}

function watchTheme() {
  const change = (theme) => {
    applyTheme(theme);
    redrawNear();
  };
  byId("theme").addEventListener("click", () => {
    chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    change();
  });
  darkWished.addEventListener("change", () => change());
  // Paper is light, and has every chart.
  addEventListener("beforeprint", () => {
    applyTheme("light");
    charts.forEach(draw);
  });
  addEventListener("afterprint", () => change());
  byId("print").addEventListener("click", () => print());
}

function watchWidth() {
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(redrawNear, 150);
  });
  addEventListener(
    "scroll",
    () => {
      byId("tip").hidden = true;
    },
    {passive: true},
  );
}

function start() {
  const report = JSON.parse(byId("report").textContent);
  applyTheme();
  verdictSection(report);
  columnGrid(report);
  correlationMaps(report);
  findingTable(report);
  put(byId("findings"), report.audit?.note ? h("p", {class: "note"}, h("b", {}, "Audit. "), report.audit.note) : null);
  privacySection(report);
  dataSection(report);
  runSection(report);
  watchTheme();
  watchWidth();
  addEventListener("DOMContentLoaded", startCharts); // after the chart libraries, which stand below this script
}

start();
