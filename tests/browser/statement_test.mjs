// Opens the steward's pages in chromium: they fit, stay quiet, and print on one sheet.
//   node statement_test.mjs PATH_OF_demo_statement      exit code 77 when there is no chromium
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {Browser} from "./browser.mjs";

const strangers = "script, img, iframe, object, embed, form, [onerror], [onload]";

async function testScreen(browser, url, name) {
  for (const width of [390, 768, 1440]) {
    const page = await browser.page();
    await page.size(width);
    await page.wish(width === 768 ? "dark" : "light");
    await page.open(url);
    const wide = await page.evaluate("document.documentElement.scrollWidth");
    assert.ok(wide <= width, `${name} is ${wide} pixels wide in a window of ${width}`);
    assert.equal(await page.evaluate(`document.querySelectorAll("${strangers}").length`), 0, "a name became an element");
    assert.deepEqual(page.complaints, []);
    assert.deepEqual([...new Set(page.requests)], [url]);
    assert.equal(page.dialogs, 0);
  }
}

async function testPrint(browser, url, name) {
  const page = await browser.page();
  await page.open(url);
  const {data} = await page.send("Page.printToPDF", {preferCSSPageSize: true, printBackground: true});
  const sheets = Buffer.from(data, "base64").toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.equal(sheets, 1, `${name} prints on ${sheets} sheets`);
}

// The stamp is the largest text on the page.
async function testStamp(browser, url) {
  const page = await browser.page();
  await page.open(url);
  const largest = await page.evaluate(`(() => {
    const size = (element) => parseFloat(getComputedStyle(element).fontSize);
    return [...document.querySelectorAll("body *")].sort((a, b) => size(b) - size(a))[0].textContent;
  })()`);
  assert.equal(largest, "NOT PRIVATE");
}

const browser = await Browser.start();
if (!browser) {
  console.log("skipped: no chromium");
  process.exit(77);
}
const folder = mkdtempSync(join(tmpdir(), "statement-pages-"));
try {
  assert.equal(spawnSync(process.argv[2], [folder], {stdio: "inherit"}).status, 0, "demo_statement failed");
  for (const name of ["private", "open", "hostile"]) {
    const url = pathToFileURL(join(folder, `${name}.html`)).href;
    await testScreen(browser, url, name);
    await testPrint(browser, url, name);
    if (name !== "private") await testStamp(browser, url);
    console.log(`${name}: passed`);
  }
} finally {
  await browser.stop();
  rmSync(folder, {recursive: true, force: true});
}
