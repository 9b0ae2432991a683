// The ways in for files: dropped anywhere on the page, or chosen by the button.

import { add } from "./adding.js";
import { $ } from "./dom.js";

let within = 0;

export function acceptFiles(onAdded) {
  const take = (files, unable = []) => {
    if (files.length + unable.length) add(files, unable, onAdded);
  };
  window.addEventListener("dragenter", (event) => {
    if (hasFiles(event)) show((within += 1));
  });
  window.addEventListener("dragleave", (event) => {
    if (hasFiles(event)) show((within -= 1));
  });
  window.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  // Even where nothing can be added: else the browser leaves the page and opens the file.
  window.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show((within = 0));
    if ($("locked").open) return;
    $("library").close();
    take(...sorted(event.dataTransfer));
  });
  $("chosen").addEventListener("change", ({ target }) => {
    take([...target.files]);
    target.value = "";
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-choose]")) $("chosen").click();
  });
}

const hasFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;

function show(inside) {
  $("drop").hidden = inside <= 0;
  within = Math.max(0, inside);
}

// The files, and [name, reason] of each folder.
function sorted(transfer) {
  const folders = new Set([...transfer.items].map((item) => item.webkitGetAsEntry?.())
    .filter((entry) => entry?.isDirectory).map((entry) => entry.name));
  const files = [...transfer.files];
  return [files.filter((file) => !folders.has(file.name)),
    [...folders].map((name) => [name, "a folder: drop its files, or add it in a terminal: evidentia add PATH"])];
}
