// What the browser tests know of the application: how to open a sample, find a state on the canvas,
// read the text that is kept, and type into the text.

/** Opens one of our samples from the welcome and waits until it is drawn. */
export async function openSample(page, title) {
  await page.locator("html[data-ready]").waitFor();
  await page.locator(".welcome-sample", { hasText: title }).click();
  await page.locator(".canvas-node").first().waitFor();
}

/** The node with this key. */
export function node(page, key) {
  return page.locator(`.canvas-node[data-key="${key}"]`);
}

/** Waits until a state looks like this (or one of these). */
export async function status(page, key, ...looks) {
  const selector = looks.map((it) => `.canvas-node[data-key="${key}"][data-status="${it}"]`).join(", ");
  await page.locator(selector).waitFor();
}

/** The text that the browser keeps, once it is as it should be and everything is saved. */
export async function savedText(page, isDone = () => true) {
  let text;
  for (let round = 0; round < 60; round++) {
    await page.waitForTimeout(100);
    if ((await page.locator(".status-bar").getAttribute("data-save")) !== "Saved") continue;
    text = (await savedProject(page))?.text;
    if (text !== undefined && isDone(text)) return text;
  }
  return text;
}

/** The project that the browser keeps. */
export async function savedProject(page) {
  const project = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("stepglass");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const getting = database.transaction("project").objectStore("project").get("open");
          getting.onsuccess = () => {
            database.close();
            resolve(getting.result);
          };
          getting.onerror = () => reject(getting.error);
        };
      }),
  );
  return project === undefined ? undefined : JSON.parse(project);
}

/** Keys in the text. A place is found by walking there from the start, as a reader would. */
export const type = {
  /** Deletes the character at this offset of the text. */
  async deleteAt(page, _text, offset) {
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+Home");
    for (let at = 0; at < offset; at++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Delete");
  },
};
