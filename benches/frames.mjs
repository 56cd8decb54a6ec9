// Frames while 2,000 states are panned and zoomed, from the browser's own trace: `node frames.mjs`
// over the release page in dist/, one `name value unit` a row. Each frame gets a turn of the wheel,
// as under a hand that does not stop. A frame counts as dropped when the page's own part of it came
// too late, also where the browser had something else to show for it. The browser has no graphics
// processor here and shares its machine, so a page of 20 states is measured beside the large ones:
// what it drops is not the workflow's doing.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const { chromium } = createRequire(join(root, "package.json"))("playwright-core");
/** The key that is held, as the protocol of the browser has it. */
const CONTROL = 2;
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
  const swing = (n) => (n % 40 < 20 ? 12 : -12);
  await measureBoth(browser, "20", chain(20), (n) => ({ deltaX: swing(n), deltaY: swing(n) }));
  await measureBoth(browser, "2000", chain(2000), (n) => ({ deltaX: swing(n), deltaY: 40 }));
  await measureBoth(browser, "2000_wide", branches(40, 50), (n) => ({ deltaX: n < 60 ? 40 : -40, deltaY: swing(n) }));
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}

/** Opens a workflow, pans it and zooms it out and in. */
async function measureBoth(browser, name, workflow, pan) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.locator('html[data-ready="true"]').waitFor({ state: "attached" });
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, `${JSON.stringify(workflow, null, 2)}\n`);
  await page.locator(".canvas-node").first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(2000);
  await measure(page, `pan_${name}`, pan);
  const zoom = (n) => ({ deltaX: 0, deltaY: n % 80 < 40 ? 6 : -6, modifiers: CONTROL });
  await measure(page, `zoom_${name}`, zoom);
  await page.close();
}

/** Turns the wheel 120 times, once a frame, and tells what became of the frames meanwhile. */
async function measure(page, name, turn) {
  const client = await page.context().newCDPSession(page);
  const events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const done = new Promise((resolve) => client.once("Tracing.tracingComplete", resolve));
  const box = await page.locator(".canvas").boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(at.x, at.y);
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
  const turns = [];
  for (let n = 0; n < 120; n++) {
    // Not awaited: the hand does not wait for the page.
    turns.push(client.send("Input.dispatchMouseEvent", { type: "mouseWheel", ...at, ...turn(n) }));
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  await Promise.all(turns);
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
function chain(n) {
  const States = {};
  for (let idx = 0; idx < n; idx++) {
    const next = `State ${idx + 1}`;
    const other = `State ${Math.min(idx + 2, n - 1)}`;
    States[`State ${idx}`] =
      idx + 1 === n
        ? { Type: "Succeed" }
        : idx % 7 === 6
          ? { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 3, Next: other }], Default: next }
          : { Type: "Pass", Next: next };
  }
  return { StartAt: "State 0", States };
}

/** One Parallel of so many branches, each a chain of so many states. */
function branches(n, length) {
  const branch = (number) => {
    const States = {};
    for (let idx = 0; idx < length; idx++) {
      States[`State ${number}.${idx}`] = {
        Type: "Pass",
        ...(idx + 1 === length ? { End: true } : { Next: `State ${number}.${idx + 1}` }),
      };
    }
    return { StartAt: `State ${number}.0`, States };
  };
  const Branches = Array.from({ length: n }, (_, number) => branch(number));
  return { StartAt: "All", States: { All: { Type: "Parallel", Branches, End: true } } };
}
