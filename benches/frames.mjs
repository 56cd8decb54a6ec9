// Frames while 2,000 states are panned and zoomed, from the browser's own trace: `node frames.mjs`
// over the release page in dist/, one `name value unit` a row. The browser has no graphics
// processor here, so what is counted is what the page costs, not what a screen would show.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const { chromium } = createRequire(join(root, "package.json"))("playwright-core");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
  const file = join(root, "dist", path.endsWith("/") ? "index.html" : path);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const executablePath = process.env.STEPGLASS_CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.locator('html[data-ready="true"]').waitFor({ state: "attached" });
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, workflow(2000));
  await page.locator(".canvas-node").first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(2000);
  const box = await page.locator('[data-pane="canvas"], .canvas').first().boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await measure(page, "pan_2000", (n) => page.mouse.wheel(n % 40 < 20 ? 12 : -12, 40));
  await page.keyboard.down("Control");
  await measure(page, "zoom_2000", (n) => page.mouse.wheel(0, n % 40 < 20 ? -30 : 30));
  await page.keyboard.up("Control");
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}

/** Turns the wheel 120 times and tells what became of the frames meanwhile. */
async function measure(page, name, turn) {
  const client = await page.context().newCDPSession(page);
  const events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const done = new Promise((resolve) => client.once("Tracing.tracingComplete", resolve));
  await client.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: [
        "devtools.timeline",
        "disabled-by-default-devtools.timeline",
        "disabled-by-default-devtools.timeline.frame",
      ],
    },
  });
  for (let n = 0; n < 120; n++) {
    await turn(n);
    await page.waitForTimeout(16);
  }
  await client.send("Tracing.end");
  await done;
  const count = (wanted) => events.filter((it) => it.name === wanted).length;
  const tasks = events.filter((it) => it.name === "RunTask" && it.dur).map((it) => it.dur / 1000);
  row(`${name}_frames`, count("DrawFrame"), "drawn");
  row(`${name}_dropped`, count("DroppedFrame"), "dropped");
  row(`${name}_long_tasks`, tasks.filter((it) => it > 16.7).length, "tasks longer than a frame");
  row(`${name}_longest_task`, Math.max(0, ...tasks), "ms");
  await client.detach();
}

function row(name, value, unit) {
  console.log(`${name} ${value.toFixed(3)} ${unit}`);
}

/** A workflow of so many states: a chain with a Choice that skips one in every seventh place. */
function workflow(n) {
  const states = {};
  for (let idx = 0; idx < n; idx++) {
    const next = `State ${idx + 1}`;
    const other = `State ${Math.min(idx + 2, n - 1)}`;
    states[`State ${idx}`] =
      idx + 1 === n
        ? { Type: "Succeed" }
        : idx % 7 === 6
          ? { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 3, Next: other }], Default: next }
          : { Type: "Pass", Next: next };
  }
  return `${JSON.stringify({ StartAt: "State 0", States: states }, null, 2)}\n`;
}
