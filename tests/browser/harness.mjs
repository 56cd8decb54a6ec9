// What every browser test uses: the release page under a sub-path, one Chromium, and pages
// that fail their test when anything is reported on the console, blocked by the
// content-security policy, or asked of another origin.
//
//   import { test } from "node:test";
//   import { axe, openPage, shot } from "./harness.mjs";
//
//   test("the heading is there", async (t) => {
//     const page = await openPage(t, { theme: "dark", width: 720, height: 900 });
//     await page.getByRole("heading", { name: "Stepglass" }).waitFor();
//     await shot(page, "heading-dark");
//     assert.deepEqual(await axe(page), []);
//   });
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { delimiter, extname, join, normalize } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = join(root, "dist");
const axeSource = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The page is served here and nowhere else, as a project site would be. */
export const SUB_PATH = "/stepglass/";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--no-first-run",
  "--disable-component-update",
  "--disable-sync",
];

let started; // one server and one browser for each test file

// Said at the top of the file: inside a test, `after` would end them with that test.
after(async () => {
  const { browser, server } = (await started) ?? {};
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/**
 * Opens the page in a fresh profile and fails the test `t` at its end if the page reported anything.
 * `url` is relative to the sub-path. `permissions`, `storageState` and other context options pass through.
 * `init` runs in the page before any script of it. `expectErrors` are patterns of reports that the test is about.
 */
export async function openPage(
  t,
  { theme = "light", width = 1440, height = 900, url = "", expectErrors = [], init, ...contextOptions } = {},
) {
  const { origin, browser } = await (started ??= start());
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: { width, height },
    reducedMotion: "reduce",
    locale: "en-US",
    timezoneId: "UTC",
    ...contextOptions,
  });
  context.setDefaultTimeout(15_000);
  const reports = [];
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") reports.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => reports.push(`page error: ${error.stack ?? error}`));
  page.on("crash", () => reports.push("the page crashed"));
  page.on("response", (response) => {
    if (400 <= response.status()) reports.push(`${response.status()} for ${response.url()}`);
  });
  page.on("request", (request) => {
    const address = request.url();
    const isLocal = address.startsWith(origin + SUB_PATH) || /^(data|blob):/.test(address);
    if (!isLocal) reports.push(`request outside the page's folder: ${address}`);
  });
  await page.exposeFunction("stepglassReport", (text) => reports.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.stepglassReport(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  if (init) await page.addInitScript(init);
  t.after(async () => {
    await context.close();
    const unexpected = reports.filter((it) => !expectErrors.some((pattern) => pattern.test(it)));
    assert.deepEqual(unexpected, [], "the page reported something");
  });
  await page.goto(origin + SUB_PATH + url);
  // The application says so when it has mounted and has shown what the browser kept.
  await page.locator('html[data-ready="true"]').waitFor({ state: "attached" });
  return page;
}

/** What axe finds against WCAG 2.2 A and AA: one line for each element, with rule and place. */
export async function axe(page, within = "html") {
  await page.evaluate(await axeSource);
  const found = await page.evaluate(async (selector) => {
    const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await globalThis.axe.run(selector, { runOnly: { type: "tag", values } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.replaceAll(/\s+/g, " ")}`),
    );
  }, within);
  return found;
}

/** Saves `target/screenshots/NAME.png` for people to look at. */
export async function shot(page, name) {
  const folder = join(root, "target", "screenshots");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}

async function start() {
  assert.ok(existsSync(join(dist, "index.html")), "dist/ is empty: run `cargo xtask build` first");
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: browserProgram(), args: FLAGS });
  return { origin: `http://127.0.0.1:${server.address().port}`, browser, server };
}

function browserProgram() {
  if (process.env.STEPGLASS_CHROMIUM) return process.env.STEPGLASS_CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const places = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((it) => join(folder, it)));
  const found = places.find((it) => existsSync(it));
  assert.ok(found, "no Chromium found: `cargo xtask test` finds or installs one, or set STEPGLASS_CHROMIUM");
  return found;
}

const MIME_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

async function answer(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  // Normalized from the root, so that no path leads out of dist/.
  const inside = pathname.startsWith(SUB_PATH) ? normalize(`/${decodeURIComponent(pathname.slice(SUB_PATH.length))}`) : "";
  const file = join(dist, inside === "/" ? "index.html" : inside);
  const isFile = inside !== "" && (await stat(file).then((it) => it.isFile(), () => false));
  if (!isFile) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": MIME_TYPES[extname(file)] ?? "application/octet-stream" });
  response.end(await readFile(file));
}
