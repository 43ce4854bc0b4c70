// A headless chromium spoken to over its debugging pipe (file descriptors 3 and 4): no packages needed.
//
//   const browser = await Browser.start();      // null when no chromium is installed
//   const page = await browser.page();
//   await page.open("file:///…/report.html");
//   await page.evaluate("document.title");
//   await browser.stop();
import {spawn, spawnSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

const names = [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"].filter(Boolean);
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--remote-debugging-pipe",
];
const answerWithin = 60000; // ms
const closeWithin = 5000; // ms

export class Browser {
  static async start() {
    const name = names.find((candidate) => spawnSync(candidate, ["--version"]).status === 0);
    return name ? new Browser(name) : null;
  }

  constructor(name) {
    this.folder = mkdtempSync(join(tmpdir(), "report-browser-"));
    this.process = spawn(name, [...flags, `--user-data-dir=${this.folder}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    this.waiting = new Map();
    this.listeners = [];
    this.last = 0;
    this.rest = "";
    this.process.stdio[4].setEncoding("utf8").on("data", (data) => this.#receive(data));
  }

  // Messages end with a NUL and may come in pieces.
  #receive(data) {
    const messages = (this.rest + data).split("\0");
    this.rest = messages.pop();
    for (const message of messages.map((text) => JSON.parse(text))) {
      const {resolve, reject} = this.waiting.get(message.id) ?? {};
      this.waiting.delete(message.id);
      if (message.error) reject?.(new Error(message.error.message));
      else if (resolve) resolve(message.result);
      else this.listeners.forEach((listener) => listener(message));
    }
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), answerWithin);
      const done = (settle) => (value) => {
        clearTimeout(timer);
        settle(value);
      };
      this.waiting.set(id, {resolve: done(resolve), reject: done(reject)});
      this.process.stdio[3].write(`${JSON.stringify({id, method, params, sessionId})}\0`);
    });
  }

  async page() {
    const {targetId} = await this.send("Target.createTarget", {url: "about:blank"});
    const {sessionId} = await this.send("Target.attachToTarget", {targetId, flatten: true});
    const page = new Page(this, sessionId);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await page.send(`${domain}.enable`);
    return page;
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.send("Browser.close").catch(() => {});
    const timer = setTimeout(() => this.process.kill("SIGKILL"), closeWithin);
    await ended;
    clearTimeout(timer);
    rmSync(this.folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
  }
}

// complaints: console errors and warnings, exceptions, log entries. requests: every address the page asked for.
class Page {
  constructor(browser, sessionId) {
    Object.assign(this, {browser, sessionId, complaints: [], requests: [], dialogs: 0});
    browser.listeners.push((message) => {
      if (message.sessionId === sessionId) this.#note(message);
    });
  }

  #note({method, params}) {
    if (method === "Runtime.exceptionThrown")
      this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) {
      this.complaints.push(params.args.map((arg) => arg.value ?? arg.description).join(" "));
    }
    if (method === "Log.entryAdded") this.complaints.push(params.entry.text);
    if (method === "Network.requestWillBeSent" && !params.request.url.startsWith("data:"))
      this.requests.push(params.request.url);
    if (method === "Page.loadEventFired") this.loaded?.();
    if (method === "Page.javascriptDialogOpening") {
      ++this.dialogs;
      this.send("Page.handleJavaScriptDialog", {accept: true});
    }
  }

  send(method, params) {
    return this.browser.send(method, params, this.sessionId);
  }

  async open(url) {
    const loaded = new Promise((resolve) => {
      this.loaded = resolve;
    });
    await this.send("Page.navigate", {url});
    await loaded;
  }

  // The value of an expression; a promise is awaited.
  async evaluate(expression) {
    const {result, exceptionDetails} = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  size(width, height = 900, scale = 1) {
    return this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: scale,
      mobile: width < 600,
    });
  }

  wish(scheme, media = "screen") {
    return this.send("Emulation.setEmulatedMedia", {media, features: [{name: "prefers-color-scheme", value: scheme}]});
  }
}
