// Opens generated reports in chromium and clicks through them.
//   node report_test.mjs PATH_OF_demo_report      exit code 77 when there is no chromium
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {Browser} from "./browser.mjs";

const firstPaintLimit = 2000; // ms; a quiet machine needs 0.2 s, tests share theirs

const text = (selector) => `document.querySelector(${JSON.stringify(selector)}).textContent`;
const count = (selector) => `document.querySelectorAll(${JSON.stringify(selector)}).length`;

// Scrolls down in steps of half a window, so that everything lazy comes near, then waits until no chart is pending.
const scrollThrough = `(async () => {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) { scrollTo(0, y); await pause(30); }
  const empty = () => [...document.querySelectorAll(".plot")]
    .filter((plot) => plot.offsetParent && !plot.querySelector("svg, canvas"));
  for (let tries = 0; empty().length && tries < 200; ++tries) { empty()[0].scrollIntoView(); await pause(50); }
  scrollTo(0, 0);
  return empty().length;
})()`;

const type = (selector, value, event = "input") => `(() => {
  const field = document.querySelector(${JSON.stringify(selector)});
  field.value = ${JSON.stringify(value)};
  field.dispatchEvent(new Event("${event}", {bubbles: true}));
})()`;

async function opened(browser, url, {width = 1440, scheme = "light"} = {}) {
  const page = await browser.page();
  await page.size(width);
  await page.wish(scheme);
  await page.open(url);
  return page;
}

// What holds for every report at every moment.
async function checkQuiet(page, url) {
  assert.deepEqual(page.complaints, []);
  assert.deepEqual([...new Set(page.requests)], [url]);
  assert.equal(page.dialogs, 0);
}

async function checkFits(page, width) {
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  assert.ok(wide <= width, `the page is ${wide} pixels wide in a window of ${width}`);
}

// Contrast of text with what is behind it, for a sample of elements (WCAG AA: 4.5, or 3 for large text).
const faint = `(() => {
  const light = (color) => {
    const linear = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const parts = color.match(/[\\d.]+/g).slice(0, 3).map((c) => linear(c / 255));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(color)) return color;
    }
  };
  const texts = "h1, h2, h3, p, dt, dd, th, td, b, a, label, button, .badge, .stamp, summary, .plot text";
  return [...document.querySelectorAll(texts)]
    .filter((element) => element.offsetParent || element.ownerSVGElement).map((element) => {
      const style = getComputedStyle(element);
      const color = element.ownerSVGElement ? style.fill : style.color;
      const [a, b] = [light(color), light(behind(element))].sort((x, y) => y - x);
      return {ratio: (a + 0.05) / (b + 0.05), least: parseFloat(style.fontSize) >= 24 ? 3 : 4.5, element};
    }).filter(({ratio, least}) => ratio < least).slice(0, 5)
    .map(({ratio, element}) => ratio.toFixed(2) + " " + element.tagName + " " + element.textContent.slice(0, 40));
})()`;

async function testLook(browser, url) {
  for (const [width, scheme] of [
    [390, "light"],
    [390, "dark"],
    [768, "light"],
    [1440, "light"],
    [1440, "dark"],
  ]) {
    const page = await opened(browser, url, {width, scheme});
    assert.equal(await page.evaluate(scrollThrough), 0, "charts left undrawn");
    assert.equal(await page.evaluate(count(".plot svg")), 15);
    assert.equal(await page.evaluate("document.documentElement.dataset.theme"), scheme);
    await checkFits(page, width);
    assert.deepEqual(await page.evaluate(faint), [], `faint text in ${scheme}`);
    await checkQuiet(page, url);
  }
}

const firstPaint = (page) =>
  page.evaluate(`(async () => {
  const paint = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  for (let tries = 0; !paint() && tries < 100; ++tries) await new Promise((resolve) => setTimeout(resolve, 50));
  return paint() ?? Infinity;
})()`);

async function testFirstScreen(browser, url) {
  const page = await opened(browser, url);
  const bottom = (selector) => page.evaluate(`document.querySelector("${selector}").getBoundingClientRect().bottom`);
  assert.match(await page.evaluate(text("h1")), /Not private/);
  assert.equal(await page.evaluate(text(".stamp")), "NOT PRIVATE");
  assert.ok(
    (await bottom(".facts")) < 900 && (await bottom(".cards .big")) < 900,
    "the verdict does not fit the first screen",
  );
  assert.equal(await page.evaluate(count(".cards .card")), 5);
  assert.match(await page.evaluate(text(".cards .card")), /0\.108.*floor 0\.113.*no worse than real/);
  const paints = [await firstPaint(page)];
  while (paints.length < 3) paints.push(await firstPaint(await opened(browser, url)));
  assert.ok(Math.min(...paints) < firstPaintLimit, `first paint after ${paints} ms`);
  assert.equal(
    await page.evaluate("[...document.querySelectorAll('.plot')].every((plot) => plot.getAttribute('aria-label'))"),
    true,
  );
}

async function testClicks(browser, url) {
  const page = await opened(browser, url);
  const shown = () => page.evaluate("document.querySelectorAll('.column:not([hidden])').length");
  assert.equal(await shown(), 12);
  await page.evaluate(type("#column-search", "ACTIVE"));
  assert.equal(await shown(), 3);
  assert.equal(await page.evaluate(text("#column-count")), "3 of 12 columns");
  await page.evaluate(type("#column-search", ""));
  await page.evaluate(type("#column-type", "category", "change"));
  assert.equal(await shown(), 2);
  await page.evaluate(type("#column-type", "", "change"));
  await page.evaluate(type("#column-order", "name", "change"));
  assert.equal(await page.evaluate(text(".column h3")), "age");
  await page.evaluate("document.querySelector('.column summary').click()");
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 100))");
  assert.equal(await page.evaluate(count(".column details[open] tbody tr")), 30);

  const values = () =>
    page.evaluate(
      "[...document.querySelectorAll('.findings tbody tr')].map((row) => parseFloat(row.cells[3].firstChild.data))",
    );
  await page.evaluate("document.querySelectorAll('.findings th button')[3].click()");
  const up = await values();
  assert.deepEqual(
    up,
    [...up].sort((a, b) => a - b),
  );
  assert.equal(
    await page.evaluate("document.querySelectorAll('.findings th')[3].getAttribute('aria-sort')"),
    "ascending",
  );
  await page.evaluate("document.activeElement.click()"); // the focus stays on the heading that was used
  assert.deepEqual(await values(), up.reverse());
  await page.evaluate(type("#finding-search", "near cop"));
  assert.equal(await page.evaluate(count(".findings tbody tr")), 1);
  await page.evaluate(type("#finding-search", ""));
  await page.evaluate(type("#finding-group", "utility", "change"));
  assert.equal(await page.evaluate(count(".findings tbody tr")), 1);
  await checkQuiet(page, url);
}

async function testTheme(browser, url) {
  const page = await opened(browser, url);
  const settle = () => page.evaluate("new Promise((resolve) => setTimeout(resolve, 400))");
  const line = () => page.evaluate("document.querySelector('.plot .mark-line path').getAttribute('stroke')");
  await page.evaluate("document.querySelector('.column').scrollIntoView()");
  await settle();
  const light = await line();
  await page.evaluate("document.querySelector('#theme').click()");
  await settle();
  assert.notEqual(await line(), light, "the chart kept its light colours");
  await page.evaluate("document.querySelector('#theme').click()");
  await settle();
  assert.equal(await line(), light);
  // On paper everything is drawn, and light.
  await page.wish("dark");
  await page.send("Page.printToPDF");
  await settle();
  assert.equal(
    await page.evaluate(
      "[...document.querySelectorAll('.plot')].filter((plot) => !plot.querySelector('svg, canvas')).length",
    ),
    0,
  );
  await checkQuiet(page, url);
}

async function testTip(browser, url, name) {
  const page = await opened(browser, url);
  await page.evaluate("document.querySelectorAll('.maps .plot')[0].scrollIntoView({block: 'center'})");
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 800))");
  const at = await page.evaluate(`(() => {
    const box = document.querySelectorAll('.maps .plot')[0].getBoundingClientRect();
    return {x: box.left + box.width * 0.8, y: box.top + 7};
  })()`);
  await page.send("Input.dispatchMouseEvent", {type: "mouseMoved", ...at});
  await page.send("Input.dispatchMouseEvent", {type: "mouseMoved", x: at.x + 1, y: at.y + 1});
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 200))");
  assert.equal(await page.evaluate("document.querySelector('#tip').hidden"), false, "no tip over the heat map");
  assert.ok((await page.evaluate(text("#tip"))).includes(name));
  await checkQuiet(page, url);
}

async function testHostile(browser, url) {
  for (const width of [390, 1440]) {
    const page = await opened(browser, url, {width});
    const early = await page.evaluate(count(".plot svg, .plot canvas"));
    assert.ok(early < 60, `${early} of a hundred charts were drawn before anybody scrolled`);
    assert.equal(await page.evaluate(scrollThrough), 0, "charts left undrawn");
    await checkFits(page, width);
    const strangers =
      "img, iframe, object, embed, form:not(.vega-bindings), form *, main script, [onerror], [onload], main svg svg";
    assert.equal(await page.evaluate(count(strangers)), 0, "a name became an element");
    const evil = "</script><img src=x onerror=alert(1)>";
    assert.equal(await page.evaluate(text(".eyebrow b")), evil);
    assert.ok(
      await page.evaluate(
        `[...document.querySelectorAll(".column h3")].some((h) => h.textContent === ${JSON.stringify(evil)})`,
      ),
    );
    assert.ok(
      await page.evaluate(
        `[...document.querySelectorAll(".plot text")].some((t) => t.textContent.startsWith("</script>"))`,
      ),
    );
    assert.equal(await page.evaluate(count(".course .plot svg")), 4, "two columns have a course, two charts each");
    assert.equal(await page.evaluate(text("title")), `${evil}: not private`);
    await checkQuiet(page, url);
  }
  await testTip(browser, url, "</script><img src=x onerror=alert(1)>");
}

// Even markup that got into the page could neither run nor call out.
async function testPolicy(browser, url) {
  const page = await opened(browser, url);
  const markup =
    '<img src="x.png" onerror="window.ran = 1"><svg onload="window.ran = 1"></svg><iframe src="other.html"></iframe>';
  await page.evaluate(`document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(markup)})`);
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement("script"), {textContent: "window.ran = 1"}))`,
  );
  assert.equal(await page.evaluate("fetch('other.json').then(() => 'fetched', () => 'refused')"), "refused");
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 200))");
  assert.equal(await page.evaluate("window.ran === undefined"), true);
  assert.ok(
    page.complaints.length >= 3 &&
      page.complaints.every((complaint) => /Content Security Policy|Fetch API/.test(complaint)),
    page.complaints.join("\n"),
  );
}

const browser = await Browser.start();
if (!browser) {
  console.log("skipped: no chromium");
  process.exit(77);
}
const folder = mkdtempSync(join(tmpdir(), "report-pages-"));
try {
  assert.equal(spawnSync(process.argv[2], [folder], {stdio: "inherit"}).status, 0, "demo_report failed");
  const calm = pathToFileURL(join(folder, "calm.html")).href;
  const hostile = pathToFileURL(join(folder, "hostile.html")).href;
  for (const [test, url] of [
    [testFirstScreen, calm],
    [testLook, calm],
    [testClicks, calm],
    [testTheme, calm],
    [testPolicy, calm],
    [testHostile, hostile],
  ]) {
    const began = Date.now();
    await test(browser, url);
    console.log(`${test.name}: passed, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
} finally {
  await browser.stop();
  rmSync(folder, {recursive: true, force: true});
}
