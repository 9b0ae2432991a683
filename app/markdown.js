// Sets Markdown as elements. marked's lexer reads it (app/marked.js, MIT); text only ever enters as text nodes, so that
// HTML in a document is shown as it stands.

import { el } from "./dom.js";
import { lexer } from "./marked.js";

const MARKDOWN = /\.(md|markdown|mdown|mkd|mdx|qmd|rmd|ipynb)(?=$|[:#\s])/i;

// Elsewhere stars and underlines are letters, not emphasis.
export const isMarkdown = (name) => MARKDOWN.test(name);

export const markdown = (text) => lexer(text, { gfm: true }).flatMap(block);

function block(token) {
  switch (token.type) {
    case "space": return [];
    case "code": return el("pre", {}, el("code", { textContent: token.text, title: token.lang || null }));
    case "heading": return el("p", { className: "heading" }, inline(token.tokens));
    case "blockquote": return el("div", { className: "quoted" }, token.tokens.flatMap(block));
    case "list": return list(token);
    case "table": return table(token);
    case "hr": return el("hr");
    case "paragraph": return el("p", {}, inline(token.tokens));
    case "text": return token.tokens ? el("p", {}, inline(token.tokens)) : el("p", { textContent: token.text });
    default: return el("p", { textContent: token.raw });
  }
}

const list = ({ ordered, start, items }) => el(ordered ? "ol" : "ul", ordered && start !== 1 ? { start } : {},
  items.map(({ tokens }) => el("li", {}, tokens.flatMap(block))));

const table = ({ header, rows }) => el("div", { className: "table", tabIndex: 0, role: "region", "aria-label": "Table" },
  el("table", {},
    el("thead", {}, el("tr", {}, header.map(({ tokens }) => el("th", { scope: "col" }, inline(tokens))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map(({ tokens }) => el("td", {}, inline(tokens))))))));

const inline = (tokens) => tokens.flatMap((token) => {
  switch (token.type) {
    case "codespan": return el("code", { textContent: token.text });
    case "strong": return el("strong", {}, inline(token.tokens));
    case "em": return el("em", {}, inline(token.tokens));
    case "del": return el("del", {}, inline(token.tokens));
    case "br": return el("br");
    case "link": return /^https?:/i.test(token.href)
      ? el("a", { href: token.href, target: "_blank", rel: "noopener noreferrer" }, inline(token.tokens))
      : inline(token.tokens);
    case "escape": return token.text;
    default: return token.tokens ? inline(token.tokens) : token.raw;
  }
});

const LETTERS = /[\p{L}\p{N}]/u;

// Marks ``text``, which Markdown was set from, in the elements that it became: the first place behind ``before`` where
// the same letters and digits stand, since signs of the syntax are gone and gaps have changed.
export function markWithin(root, text, before) {
  const shown = (from) => from.replace(/\]\([^)\s]*\)/g, "]");
  const letters = (from) => shown(from).split("").filter((one) => LETTERS.test(one)).join("");
  const nodes = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) nodes.push(walker.currentNode);
  const places = nodes.flatMap((node) => node.data.split("").map((one, at) => ({ node, one, at }))
    .filter(({ one }) => LETTERS.test(one)));
  const sought = letters(text);
  const all = places.map(({ one }) => one).join("");
  const found = all.lastIndexOf(sought, letters(before).length);
  const start = found >= 0 ? found : all.indexOf(sought);
  if (start < 0 || !sought) return;
  const chosenPlaces = places.slice(start, start + sought.length);
  const [first, last] = [chosenPlaces[0], chosenPlaces.at(-1)];
  for (const node of new Set(chosenPlaces.map((place) => place.node))) {
    const from = node === first.node ? first.at : 0;
    const to = node === last.node ? last.at + 1 : node.data.length;
    const chosen = node.splitText(from);
    chosen.splitText(to - from);
    const mark = el("mark");
    chosen.replaceWith(mark);
    mark.append(chosen);
  }
}
