// When charts are drawn: near the window, and again when theme or width changes. And the tip that follows the pointer.

const charts = [];
const canvasAbove = 30; // columns: a map of more cells than this squared would burden the page as SVG

function moveTip(tip, event) {
  const {clientWidth, clientHeight} = document.documentElement;
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, clientWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(4, Math.min(event.clientY + 14, clientHeight - tip.offsetHeight - 8))}px`;
}

// Vega hands over {title: value}; the names in it stay text.
function showTip(handler, event, item, value) {
  const tip = byId("tip");
  tip.hidden = !value;
  if (!value) return;
  tip.replaceChildren(
    ...Object.entries(value).map(([title, text]) => h("div", {}, h("span", {}, title), h("b", {}, text))),
  );
  moveTip(tip, event);
}

// Draws unless the chart already stands in this theme and width.
async function draw(chart) {
  const state = `${document.documentElement.dataset.theme} ${chart.element.clientWidth}`;
  if (chart.state === state || chart.element.clientWidth === 0) return;
  chart.state = state;
  const colors = palette();
  const {spec, canvas} = chart.build(chart.element.clientWidth, colors);
  const options = {
    actions: false,
    ast: true,
    defaultStyle: false,
    renderer: canvas ? "canvas" : "svg",
    mode: "vega-lite",
    tooltip: showTip,
    config: {...chartConfig(colors), aria: false},
  };
  chart.view?.finalize();
  chart.view = (await vegaEmbed(chart.element, spec, options)).view;
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const chart = charts.find(({element}) => element === entry.target);
      chart.near = entry.isIntersecting;
      if (chart.near) draw(chart);
    }
  },
  {rootMargin: "400px 0px"},
);

// A place for a chart. `label` says what it shows, for those who do not see it; build(width, colors) gives
// {spec, canvas}.
function plot(label, build, attributes = {}) {
  const element = h("div", {class: "plot", role: "img", "aria-label": label, ...attributes});
  charts.push({element, build, near: false, state: ""});
  return element;
}

const redrawNear = () => charts.filter((chart) => chart.near).forEach(draw);
const startCharts = () => charts.forEach(({element}) => watcher.observe(element));
