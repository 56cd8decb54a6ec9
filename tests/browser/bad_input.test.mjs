// Whatever comes in: a clear sentence, and the user's text is still there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, shot } from "./harness.mjs";
import { drop, node, openSample, paste, savedText } from "./studio.mjs";

const PASS = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}';

/** Name, text, what must be said somewhere on the page, and whether the text stays. */
const CASES = [
  ["half a brace", '{"StartAt": "A", "States": {"A": {"Type": "Pa', /problem/, true],
  ["duplicate keys", '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"End":true}}}', /End/, true],
  ["a state named __proto__", PASS.replaceAll('"A"', '"__proto__"'), /No problems in 1 state/, true],
  ["emoji and right-to-left names", PASS.replaceAll('"A"', '"🚚 שליחת הזמנה"'), /No problems in 1 state/, true],
  ["Windows line ends and tabs", '{\r\n\t"StartAt": "A",\r\n\t"States": {\r\n\t\t"A": {"Type": "Pass", "End": true}\r\n\t}\r\n}\r\n', /No problems in 1 state/, true],
  ["3,000 levels", "[".repeat(3000), /problem/, true],
  ["no JSON at all", "Dear Sir or Madam,", /problem/, true],
];

for (const [name, text, sentence, stays] of CASES) {
  test(`${name}: said in a sentence, and the text is kept`, async (t) => {
    const page = await openPage(t);
    await openSample(page, "Support call");
    await drop(page, "dropped.asl.json", text);
    await page.locator("body", { hasText: sentence }).waitFor();
    await page.locator(".problems-bar", { hasText: sentence }).waitFor();
    if (stays) assert.equal(await savedText(page, (it) => it === text), text);
    await shot(page, `bad-${name.replaceAll(/\W+/g, "-")}`);
  });
}

test("a CloudFormation template gives its definition, and says where it was", async (t) => {
  const page = await openPage(t);
  await page.locator("html[data-ready]").waitFor();
  const template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Resources: {
      OrderFlow: { Type: "AWS::StepFunctions::StateMachine", Properties: { DefinitionString: PASS } },
    },
  };
  await paste(page, JSON.stringify(template, null, 2));
  await page.locator(".notice, .toast", { hasText: "OrderFlow" }).first().waitFor();
  await node(page, "/States/A").waitFor();
  await shot(page, "bad-cloudformation");
});

test("a binary file is refused, and what was open stays", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Support call");
  const before = await savedText(page);
  await drop(page, "photo.png", [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 0, 255, 254, 0, 1, 2, 3]);
  await page.locator(".notice", { hasText: "This is not a text file" }).waitFor();
  await node(page, "/States/Open Case").waitFor();
  assert.equal(await savedText(page), before);
  await shot(page, "bad-binary");
});

test("an empty file opens with a way on", async (t) => {
  const page = await openPage(t);
  await openSample(page, "Support call");
  await drop(page, "empty.asl.json", []);
  await page.locator("body", { hasText: /empty/i }).waitFor();
  await shot(page, "bad-empty");
});

test("5 MB of JSON opens and can be edited", async (t) => {
  const page = await openPage(t);
  await page.locator("html[data-ready]").waitFor();
  const filler = Array.from({ length: 50_000 }, (_, idx) => ({ idx, words: "x".repeat(80) }));
  const text = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", Result: filler, End: true } } }, null, 1);
  assert.ok(5_000_000 < text.length);
  await paste(page, text);
  await page.locator(".notice", { hasText: "up to 1 MB" }).waitFor({ timeout: 30_000 });
  assert.equal(await savedText(page, (it) => it === text), text);
  await shot(page, "bad-5-mb");
});

test("refused stores cost nothing but the keeping, which is said", async (t) => {
  const page = await openPage(t, {
    init: () => {
      const refuse = () => {
        throw new DOMException("refused", "SecurityError");
      };
      Object.defineProperty(globalThis, "indexedDB", { get: refuse });
      Object.defineProperty(globalThis, "localStorage", { get: refuse });
    },
  });
  await openSample(page, "Support call");
  await page.locator(".status-bar", { hasText: "not kept by this browser" }).waitFor();
  await page.locator(".run-with .primary").click();
  await page.getByText(/^Step 1 of \d+$/).waitFor();
  await shot(page, "bad-storage");
});
