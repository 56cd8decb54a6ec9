// Starts the page: offers the code editor to the WebAssembly module, then loads that module.
// It is a file, not an inline script, so that the content-security policy needs no exception.
import * as editor from "./code/editor.js";
import { watch } from "./crash.js";

globalThis.StepglassEditor = editor;
editor.onFaults(watch(editor.textShown));

start().catch((error) => {
  console.error(error);
  const text = document.getElementById("boot-text");
  if (text) text.textContent = sentence();
  document.getElementById("boot")?.setAttribute("data-failed", "");
});

async function start() {
  // Trunk names both files after their content; these links are where it says so.
  const glue = document.querySelector('link[rel="modulepreload"]').href;
  const wasm = document.querySelector('link[rel="preload"][as="fetch"]').href;
  const { default: init } = await import(glue);
  await init({ module_or_path: wasm });
}

function sentence() {
  return typeof WebAssembly === "object"
    ? "Stepglass could not be loaded. Check your connection, then reload the page."
    : "Stepglass needs WebAssembly, which this browser does not offer. Please try a current browser.";
}
