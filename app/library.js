// The dialog that tells what the library holds. Files that were handed over on this page are deleted there.

import { closeDocument, openDocument } from "./document.js";
import { $, count, el, sentence } from "./dom.js";
import { forgetTurns } from "./kept.js";
import { Failure, get, remove } from "./server.js";

const MOST = 1000;

let onChanged = () => {};

export function tellLibrary(showStatus, changed) {
  onChanged = changed;
  $("status").addEventListener("click", () => open(showStatus));
  $("library").addEventListener("click", (event) => {
    if (event.target === $("library") || event.target.closest("[data-close]")) $("library").close();
  });
  $("delete").addEventListener("close", () => deleting?.abort());
  $("delete-no").addEventListener("click", () => $("delete").close());
}

async function open(showStatus) {
  const status = await showStatus();
  if (!status) return;
  $("library-said").textContent = "";
  await fill(status);
  $("library").showModal();
}

async function fill(status) {
  const [documents, rules] = await Promise.all([
    get("api/documents", { most: MOST }).catch(() => []), get("api/uploads").catch(() => ({}))]);
  const all = status.counts?.documents ?? documents.length;
  const skipped = status.skipped ?? [];
  const partial = status.partial ?? [];
  $("library-body").replaceChildren(
    el("dl", { className: "facts" }, facts(status)),
    el("h3", { id: "library-documents", tabIndex: -1, textContent: all ? count(all, "document") : "No document yet" }),
    all > documents.length ? el("p", { className: "hint", textContent: `The first ${documents.length.toLocaleString("en")} by name:` }) : "",
    el("ul", { className: "listed" }, documents.map(row)),
    documents.some((each) => !each.removable) ? elsewhere(rules, status.folder) : "",
    el("h3", { textContent: skipped.length ? count(skipped.length, "skipped file") : "No file was skipped" }),
    notes(skipped.map(({ path, reason }) => [path, reason])),
    ...(partial.length ? [
      el("h3", { textContent: `${count(partial.length, "file")} read in part: what is missing` }),
      notes(partial.map(({ path, omitted }) => [path, omitted])),
    ] : []),
    el("button", { className: "plain", type: "button", textContent: "Clear this page's turns", on: { click: forget } }));
}

function row({ uri, name, title, removable }) {
  return el("li", {},
    el("div", { className: "listed-name" },
      el("button", { className: "place", type: "button", textContent: name, on: { click: () => {
        $("library").close();
        openDocument({ span: { document: uri, start: 0, end: 0 }, place: name }, $("status"));
      } } }),
      title && title !== name.split("/").pop() ? el("span", { textContent: title }) : null),
    removable ? el("button", { className: "plain delete", type: "button", textContent: "Delete", "aria-label": `Delete ${name}`,
      "aria-haspopup": "dialog", on: { click: ({ currentTarget }) => confirm(uri, name, currentTarget) } }) : null);
}

// How documents are taken out that cannot be deleted here; what lies in other places stays there.
const elsewhere = ({ allowed, reason }, folder) => el("p", { className: "hint" },
  allowed ? "A document without a button lies elsewhere, where its file stays. " : `Nothing can be deleted here: ${reason}. `,
  "To take a document or a folder out of the library, in a terminal: ",
  el("code", { textContent: `evidentia remove PATH --library ${folder}` }));

const notes = (pairs) => el("ul", { className: "skipped" }, pairs.map(([path, text]) =>
  el("li", {}, el("span", { className: "path", textContent: path }), el("span", { textContent: text }))));

let deleting = null;

// Asks first, and says what goes.
function confirm(uri, name, button) {
  $("delete-title").textContent = `Delete ${name}?`;
  $("delete-file").textContent = uri;
  $("delete-said").textContent = "";
  $("delete-yes").onclick = () => act(uri, name, button);
  busy(false);
  $("delete").showModal();
}

async function act(uri, name, button) {
  if (deleting) return;
  const mine = (deleting = new AbortController());
  busy(true);
  $("delete-said").textContent = "Deleting. Where files are being added, that ends first.";
  try {
    await remove("api/document", { uri }, mine.signal);
    await deleted(name, button);
  } catch (failure) {
    if (mine.signal.aborted) {
      await show();
      $("library-documents").focus();
    } else if (!(failure instanceof Failure)) throw failure;
    else $("delete-said").textContent = [failure.what, failure.where, failure.fix].filter(Boolean).map(sentence).join(". ");
  } finally {
    deleting = null;
    busy(false);
  }
}

// The focus goes to the next row, so that who works by keyboard stays in the list.
async function deleted(name, button) {
  const at = [...document.querySelectorAll(".listed .delete")].indexOf(button);
  if ($("document-name").textContent === name) closeDocument();
  await show();
  $("delete").close();
  const left = [...document.querySelectorAll(".listed .delete")];
  (left[Math.min(at, left.length - 1)] ?? $("library-documents")).focus();
  $("library-said").textContent = `${name} was deleted`;
}

async function show() {
  const status = await onChanged();
  if (status) await fill(status);
}

function busy(now) {
  $("delete-yes").setAttribute("aria-disabled", String(now));
  $("delete-said").classList.toggle("failed", !now);
}

function forget() {
  forgetTurns();
  location.reload();
}

function facts(status) {
  return Object.entries(status)
    .filter(([key, value]) => key !== "skipped" && key !== "partial" && value && !(Array.isArray(value) && !value.length))
    .map(([key, value]) => [key, fact(value)])
    .filter(([, text]) => text)
    .flatMap(([key, text]) => [el("dt", { textContent: key }), el("dd", { textContent: text })]);
}

function fact(value) {
  if (Array.isArray(value)) return value.map((item) => item.root ?? item).join("\n");
  if (typeof value !== "object") return value === true ? "yes" : String(value);
  const plain = Object.entries(value).filter(([, inner]) => inner && typeof inner !== "object");
  return plain.map(([key, inner]) => typeof inner === "number" ? `${inner.toLocaleString("en")} ${inner === 1 ? key.replace(/s$/, "") : key}` : inner).join(" · ");
}
