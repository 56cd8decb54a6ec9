// In and out: files are opened and saved in place where the browser can, downloaded otherwise, and
// the text leaves as it stands, to the byte.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { openPage, shot } from "./harness.mjs";
import { drop, node, openSample, savedText } from "./studio.mjs";

const WINDOWS = '{\r\n\t"StartAt": "Only",\r\n\t"States": {\r\n\t\t"Only": {"Type": "Pass", "Result": 1.50, "End": true}\r\n\t}\r\n}\r\n';

test("a file is opened by the picker and saved in place, to the byte", async (t) => {
  const page = await openPage(t, { init: fakePickers, acceptDownloads: true });
  await page.evaluate((text) => (globalThis.fakeFile = { name: "order.asl.json", text }), WINDOWS);
  await page.getByRole("button", { name: "Open file…" }).click();
  await node(page, "/States/Only").waitFor();
  await page.keyboard.press("Control+s");
  await page.locator(".toast", { hasText: "Saved “order.asl.json”" }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.written.at(-1)), WINDOWS);
  await node(page, "/States/Only").dblclick();
  await page.locator(".canvas-rename input").fill("Lonely");
  await page.keyboard.press("Enter");
  await node(page, "/States/Lonely").waitFor();
  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => globalThis.written.length === 2);
  assert.equal(await page.evaluate(() => globalThis.written.at(-1)), WINDOWS.replaceAll('"Only"', '"Lonely"'));
  assert.equal(await page.evaluate(() => globalThis.asked), 0, "the open file is known");
});

test("each document is saved to its own file, also after a visit to a child", async (t) => {
  const page = await openPage(t, { init: fakePickers });
  const parent = `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}`;
  await page.evaluate((text) => (globalThis.fakeFile = { name: "order.asl.json", text }), parent);
  await page.getByRole("button", { name: "Open file…" }).click();
  await node(page, "/States/A").click();
  await everything(page, "Extract to a child machine");
  await page.getByLabel("Name of the child machine").press("Enter");
  await node(page, "/States/A child").waitFor();
  const save = async (n) => {
    await page.keyboard.press("Control+s");
    await page.waitForFunction((n) => globalThis.written.length === n, n);
    return page.evaluate(() => [globalThis.asked, globalThis.written.at(-1).includes("startExecution")]);
  };
  assert.deepEqual(await save(1), [0, true], "the parent goes to the file that it came from");
  await node(page, "/States/A child").click();
  await page.getByRole("button", { name: /^Open the child/ }).click();
  await node(page, "/States/A").waitFor();
  assert.deepEqual(await save(2), [1, false], "the child has no file yet");
  assert.deepEqual(await save(3), [1, false]);
  await everything(page, "Back to the parent workflow");
  await node(page, "/States/A child").click();
  assert.deepEqual(await save(4), [1, true]);
  await page.getByRole("button", { name: /^Open the child/ }).click();
  await node(page, "/States/A").waitFor();
  assert.deepEqual(await save(5), [1, false], "nor is it asked for again");
  await everything(page, "Back to the parent workflow");
  await everything(page, "New workflow");
  await node(page, "/States/A child").waitFor({ state: "detached" });
  assert.deepEqual(await save(6), [2, false], "another document does not go to the same file");
  await everything(page, "Bring back what was open");
  await node(page, "/States/A child").waitFor();
  assert.deepEqual(await save(7), [2, true]);
});

test("without that interface a file is downloaded, to the byte", async (t) => {
  const page = await openPage(t, { init: noPickers, acceptDownloads: true });
  await drop(page, "windows.asl.json", WINDOWS);
  await node(page, "/States/Only").waitFor();
  const { name, bytes } = await download(page, () => page.keyboard.press("Control+s"));
  assert.equal(name, "windows.asl.json");
  assert.equal(bytes.toString(), WINDOWS);
});

test("definition and picture leave by the menu of the file", async (t) => {
  const page = await openPage(t, { acceptDownloads: true });
  await openSample(page, "Order saga");
  const text = await savedText(page);
  const choose = (words) => async () => {
    await page.getByRole("button", { name: /^File / }).click();
    await page.getByRole("menuitem", { name: words }).click();
  };
  const definition = await download(page, choose("Download the definition"));
  assert.equal(definition.name, "order-saga.asl.json");
  assert.equal(definition.bytes.toString(), text);
  const svg = await download(page, choose("Download the picture as SVG"));
  assert.match(svg.name, /\.svg$/);
  assert.match(svg.bytes.toString(), /^<svg [^>]*>[\s\S]*Charge card[\s\S]*<\/svg>\s*$/);
  const png = await download(page, choose("Download the picture as PNG"));
  assert.deepEqual([...png.bytes.subarray(1, 4)], [...Buffer.from("PNG")]);
  const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
  assert.ok(400 < width && 400 < height, `${width} by ${height}`);
});

test("what was open comes back after a stray paste", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Support call");
  const before = await savedText(page);
  await drop(page, "other.asl.json", WINDOWS);
  await node(page, "/States/Only").waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("bring back");
  await page.keyboard.press("Enter");
  await node(page, "/States/Open Case").waitFor();
  assert.equal(await savedText(page, (it) => it === before), before);
  await shot(page, "brought-back");
});

async function everything(page, words) {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

async function download(page, act) {
  const waiting = page.waitForEvent("download");
  await act();
  const got = await waiting;
  return { name: got.suggestedFilename(), bytes: await readFile(await got.path()) };
}

function noPickers() {
  delete globalThis.showSaveFilePicker;
  delete globalThis.showOpenFilePicker;
}

// A file that remembers what was written to it, in the place of the browser's dialogs.
function fakePickers() {
  globalThis.written = [];
  globalThis.asked = 0;
  const handle = () => ({
    name: globalThis.fakeFile.name,
    getFile: async () => new File([globalThis.fakeFile.text], globalThis.fakeFile.name),
    createWritable: async () => ({ write: async (text) => globalThis.written.push(text), close: async () => {} }),
  });
  globalThis.showOpenFilePicker = async () => [handle()];
  globalThis.showSaveFilePicker = async () => {
    globalThis.asked += 1;
    return handle();
  };
}
