// The page as a whole: it starts from a sub-path under its policy, and the editor and the
// WebAssembly module talk to each other. `openPage` fails a test on any console report,
// policy violation or request to another origin.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SUB_PATH, axe, openPage, shot } from "./harness.mjs";

for (const theme of ["light", "dark"]) {
  test(`the page starts from a sub-path in the ${theme} theme and has its heading`, async (t) => {
    const page = await openPage(t, { theme });
    assert.equal(new URL(page.url()).pathname, SUB_PATH);
    await page.getByRole("heading", { level: 2, name: "Draw, run and explain" }).waitFor();
    await shot(page, `smoke-${theme}`);
  });
}

test("the policy allows nothing from elsewhere, and the page has no inline script or style", async (t) => {
  const page = await openPage(t);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  assert.match(policy, /^default-src 'none';/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
  assert.equal(await page.locator("script:not([src]), style").count(), 0);
});

test("the policy is in force: what it forbids is blocked and reported", async (t) => {
  const page = await openPage(t, { expectErrors: [/Content Security Policy/, /policy violation/] });
  const outcome = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "globalThis.wasRun = true";
    document.head.append(script);
    const fetched = await fetch("https://elsewhere.invalid/").then(() => "answered", () => "blocked");
    return { wasRun: globalThis.wasRun === true, fetched };
  });
  assert.deepEqual(outcome, { wasRun: false, fetched: "blocked" });
});

test("text typed in the editor reaches WebAssembly", async (t) => {
  const page = await openPage(t);
  await page.getByRole("button", { name: "Start empty" }).click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText('{"StartAt":"Typed here","States":{"Typed here":{"Type":"Succeed"}}}');
  await page.locator(".canvas-node").filter({ hasText: "Typed here" }).waitFor();
});

test("a module that cannot be loaded is explained in a sentence", async (t) => {
  const page = await openPage(t, { expectErrors: [/Failed to (load resource|fetch)/] });
  await page.route("**/*.wasm", (route) => route.abort());
  await page.reload();
  await page.getByText("Stepglass could not be loaded").waitFor();
});

for (const theme of ["light", "dark"]) {
  test(`when the module fails, its text can still be copied (${theme})`, async (t) => {
    const page = await openPage(t, { theme, expectErrors: [/page error: RuntimeError: unreachable/] });
    await page.getByRole("button", { name: "Start empty" }).click();
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText('{"Comment": "Half a de');
    // The smallest module that fails: its one function is `unreachable`.
    await page.evaluate(() => {
      const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
      setTimeout(exports.f);
    });
    const pane = page.getByRole("alertdialog", { name: "Stepglass stopped" });
    await pane.waitFor();
    assert.equal(await pane.getByLabel("Your definition").inputValue(), '{"Comment": "Half a de');
    assert.deepEqual(await axe(page, "#crash"), []);
    await shot(page, `crash-${theme}`);
    await pane.getByRole("button", { name: "Reload the page" }).click();
    await page.locator('html[data-ready="true"]').waitFor({ state: "attached" });
    await page.locator(".cm-content").getByText("Half a de").waitFor();
    assert.equal(await pane.count(), 0);
  });
}

test("axe finds nothing on the first view", async (t) => {
  const page = await openPage(t);
  assert.deepEqual(await axe(page), []);
});
