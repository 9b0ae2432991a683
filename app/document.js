// The side panel: the stored document at a span, with line numbers and the quote marked.

import { $, el } from "./dom.js";
import { get } from "./server.js";

const STEP = 60;
let opener = null;

export async function openDocument({ span, place }, from) {
  opener = from;
  document.querySelectorAll(".citation.open").forEach((card) => card.classList.remove("open"));
  from.closest(".citation")?.classList.add("open");
  $("document").hidden = false;
  document.body.classList.add("reading");
  $("document-name").textContent = place;
  $("document-place").textContent = "opening …";
  await show(span, STEP, true);
  $("document-name").focus({ preventScroll: true });
}

export function closeDocument() {
  if ($("document").hidden) return false;
  $("document").hidden = true;
  document.body.classList.remove("reading");
  document.querySelectorAll(".citation.open").forEach((card) => card.classList.remove("open"));
  opener?.focus();
  return true;
}

async function show(span, lines, jump) {
  const area = $("document-text");
  try {
    const part = await get("api/document", { uri: span.document, start: span.start, end: span.end, lines });
    fill(area, part, span, lines);
    if (jump) area.querySelector("mark")?.scrollIntoView({ block: "center" });
  } catch (failure) {
    $("document-place").textContent = "";
    area.replaceChildren(el("p", { className: "document-failure", textContent: `${failure.message}. ${failure.fix ?? ""}` }));
  }
}

function fill(area, part, span, lines) {
  $("document-name").textContent = part.name;
  $("document-name").title = part.uri;
  $("document-place").textContent = [part.damaged && "DAMAGED: this is not what was read",
    part.title, part.page && `page ${part.page}`, rangeOf(part)].filter(Boolean).join(" · ");
  const more = (label, top) => el("button", {
    className: "more", type: "button", textContent: label,
    on: { click: () => keepingPlace(area, top, () => show(span, Math.min(lines * 4, 2000), false)) },
  });
  const canGrow = lines < 2000;
  area.classList.toggle("prose", isConverted(part));
  area.replaceChildren(
    ...(part.more_before && canGrow ? [more("Show more above", true)] : []),
    ...numbered(part),
    ...(part.more_after && canGrow ? [more("Show more below", false)] : []),
  );
}

// Text as it was written keeps its columns; what was converted from a page layout reads as prose.
const isConverted = (part) => !part.media_type.startsWith("text/") || part.media_type === "text/html";

function rangeOf(part) {
  const first = part.first_line + part.before.split("\n").length - 1;
  const last = first + part.quote.split("\n").length - 1;
  return first === last ? `line ${first}` : `lines ${first}–${last}`;
}

function numbered(part) {
  const pieces = [[part.before, false], [part.quote, true], [part.after, false]];
  const lines = [[]];
  for (const [text, marked] of pieces) {
    text.split("\n").forEach((line, index) => {
      if (index > 0) lines.push([]);
      if (line) lines.at(-1).push(marked ? el("mark", { textContent: line }) : line);
    });
  }
  if (!part.more_after && lines.at(-1).length === 0) lines.pop();
  return lines.map((children, index) => el("div", { className: "line", "data-line": part.first_line + index }, el("span", {}, children)));
}

async function keepingPlace(area, top, change) {
  const below = area.scrollHeight - area.scrollTop;
  const at = area.scrollTop;
  await change();
  area.scrollTop = top ? area.scrollHeight - below : at;
}
