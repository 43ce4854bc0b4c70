// Makes the picture of a report that the README shows, from made-up numbers.
//   node screenshot.mjs PATH_OF_demo_report docs/report.png
import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {Browser} from "./browser.mjs";

const [demoReport, picture] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "report-pages-"));
const browser = await Browser.start();
try {
  spawnSync(demoReport, [folder], {stdio: "inherit"});
  const page = await browser.page();
  await page.size(1440, 1420);
  await page.wish("light");
  await page.send("Emulation.setScrollbarsHidden", {hidden: true});
  await page.open(pathToFileURL(join(folder, "calm.html")).href);
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 1500))");
  const {data} = await page.send("Page.captureScreenshot", {format: "png"});
  writeFileSync(picture, Buffer.from(data, "base64"));
} finally {
  await browser?.stop();
  rmSync(folder, {recursive: true, force: true});
}
