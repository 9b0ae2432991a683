// Lays out one turn: the trace as it grows, the sentences as they come, the answer with its evidence, or the failure.

import { openDocument } from "./document.js";
import { graphOf } from "./answer_graph.js";
import { count, el, milliseconds, sentence } from "./dom.js";
import { isMarkdown, markdown, markWithin } from "./markdown.js";

// Paragraphs, lists and fences keep their lines; a sentence is set anew.
const LAID_OUT = /\n\s*\n|^\s*(?:`{3}|~{3})|\n\s*(?:[-*+]|\d+[.)])\s/;
const CODE = new Set(["code", "function", "class", "module", "method", "table"]);

export class Turn {
  constructor(question, again) {
    this.again = again;
    this.steps = [];
    this.sentences = [];
    this.live = el("p", { className: "live", textContent: "looking" });
    this.body = el("div", { className: "answer", "aria-busy": "true" }, this.live);
    this.node = el("article", { className: "turn" }, el("h2", { className: "asked", textContent: question }), this.body);
  }

  step(step) {
    this.steps.push(step);
    this.live.replaceChildren(el("b", { textContent: step.name }), ` ${step.detail}`);
  }

  sentence(sentence) {
    this.written ??= this.body.appendChild(el("p", { className: "prose written" }));
    this.written.append(written(sentence), " ");
  }

  answer(answer) {
    const heads = { not_found: ["○", "Not found here"], written: ["✎", `Written by ${answer.model}, each sentence checked`] };
    const [sign, head] = heads[answer.status] ?? [];
    this.finish(answer.status,
      head ? el("p", { className: "head" }, el("span", { "aria-hidden": "true", textContent: sign }), head) : null,
      answer.short ? el("p", { className: "short", textContent: answer.short }) : null,
      answer.status === "rows" ? rowsAnswer(answer) : textAnswer(answer),
      answer.notes.map((note) => el("p", { className: "note", textContent: note })),
      graphOf(answer, mark), leftOut(answer), copying(answer), trace(answer.trace));
  }

  failed(failure) {
    this.finish("failed",
      el("p", { className: "head" }, el("span", { "aria-hidden": "true", textContent: "!" }), sentenceCase(failure.what ?? String(failure))),
      failure.where ? el("p", { className: "where", textContent: failure.where }) : null,
      failure.fix ? el("p", { textContent: sentenceCase(failure.fix).replace(/\.$/, "") }) : null,
      el("button", { className: "plain again", type: "button", textContent: "Try again", on: { click: this.again } }));
  }

  stopped() {
    this.finish("stopped", el("p", { className: "head", textContent: "Stopped." }), trace(this.steps));
  }

  rows(rows) {
    const more = rows.truncated ? ", cut short here" : "";
    this.finish("rows", table(rows.columns, rows.rows),
      el("p", { className: "hint", textContent: `${count(rows.rows.length, "row")} in ${milliseconds(rows.seconds)}${more}` }));
  }

  finish(state, ...children) {
    this.body.classList.add(state.replace("_", "-"));
    this.body.removeAttribute("aria-busy");
    this.body.replaceChildren(...children.filter(Boolean).flat());
    for (const quote of this.body.querySelectorAll("blockquote:has(mark)")) toMark(quote);
  }
}

// A long quote is scrolled to what was chosen in it.
function toMark(quote) {
  const mark = [...quote.querySelectorAll("mark")].at(-1).getBoundingClientRect();
  const shown = quote.getBoundingClientRect();
  if (mark.bottom > shown.bottom) quote.scrollTop += mark.top - shown.top - shown.height / 3;
}

const sentenceCase = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");

// The answer with its marks, and below it what they stand for.
function asText({ text, short, citations }) {
  const sources = citations.map(({ number, place, quote }) => `[${number}]: ${place}\n${quote.replace(/^/gm, "> ")}`);
  return [short, text, ...sources].filter(Boolean).join("\n\n");
}

// Browsers give pages from http addresses of other machines no clipboard: there the text is selected and copied as by hand.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const held = document.body.appendChild(el("textarea", { className: "unseen", readOnly: true, value: text, "aria-label": "Copied text" }));
    held.focus();
    held.select();
    const done = document.execCommand("copy");
    held.remove();
    return done;
  }
}

function copying(answer) {
  const copy = async ({ currentTarget: button }) => {
    button.textContent = await copied(asText(answer)) ? "Copied" : "Not copied";
    button.focus();
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  return el("button", { className: "plain copy", type: "button", textContent: "Copy",
    title: "The answer with its marks and their places", on: { click: copy } });
}

// The text with each citation's card where its quote stands; cards of quotes that the text does not repeat follow.
function textAnswer(answer) {
  const nodes = [];
  const placed = new Set();
  let rest = answer.status === "not_found" ? sentence(answer.text.replace(/^Not found here[.:]\s*/, "")) : answer.text;
  if (answer.status === "quoted") {
    for (const citation of answer.citations) {
      const [before, after] = around(rest, `${citation.quote} [${citation.number}]`);
      if (after === undefined) continue;
      nodes.push(card(citation, answer, true, before.trim()));
      placed.add(citation.number);
      rest = after;
    }
  }
  if (rest.trim()) nodes.push(paragraph(rest.trim(), answer));
  if (answer.status === "quoted" && answer.fit) nodes.push(fit(answer));
  const others = answer.citations.filter((citation) => !placed.has(citation.number));
  if (others.length) nodes.push(el("div", { className: "cards" }, others.map((citation) => card(citation, answer, false))));
  return nodes;
}

function around(text, literal) {
  const at = text.indexOf(literal);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + literal.length)];
}

function paragraph(text, answer) {
  const known = new Map(answer.citations.map((citation) => [String(citation.number), citation]));
  const parts = text.split(/(?:^| |(?<=\n))\[(\d+)\](?=[\s.,;:]|$)/);
  return el("p", { className: "prose" }, parts.map((part, index) =>
    index % 2 === 0 ? part : known.has(part) ? mark(known.get(part)) : ` [${part}]`));
}

function mark(citation) {
  const opens = citation.evidence.span !== null;
  return el(opens ? "button" : "span", {
    className: "mark", type: opens ? "button" : null, textContent: citation.number, title: citation.place,
    "aria-label": `Evidence ${citation.number}: ${citation.place}`, on: opens ? { click: opening(citation) } : null,
  });
}

const opening = (citation) => (event) =>
  openDocument({ span: citation.evidence.span, place: citation.place }, event.currentTarget);

const fit = ({ fit: level, reasons }) => el("p", {
  className: `fit ${level}`, textContent: [`Fits: ${level}`, ...reasons.slice(0, 2)].join(" · "),
  title: "Whether the quote answers the question. That it is in the document is checked separately",
});

// The quote below what governs it: a list's lead-in, a table's header row, a heading.
function card(citation, answer, large, governors = "") {
  const { evidence } = citation;
  const code = CODE.has(evidence.kind);
  const nearest = answer.status === "not_found";
  return el("figure", { className: `citation${large ? " large" : ""}${nearest ? " nearest" : ""}` },
    governors ? el("p", { className: "governors", textContent: governors }) : null,
    quotation(citation, code),
    el("figcaption", {},
      mark(citation),
      place(citation),
      checked(citation),
      el("span", { className: "why", textContent: why(evidence) })));
}

function quotation({ quote, evidence, focus }, code) {
  const parts = inParts(quote, focus);
  if (!code && isMarkdown(evidence.name)) {
    const set = el("blockquote", { className: "prose set" }, markdown(quote));
    for (const { text, before, chosen } of parts) if (chosen) markWithin(set, text, before);
    return set;
  }
  const name = code ? "code" : LAID_OUT.test(quote) ? "prose laid" : "prose";
  return el("blockquote", { className: name },
    parts.map(({ text, chosen }) => chosen ? el("mark", { textContent: text }) : text));
}

// The quote cut where the statement that was chosen, and what governs it, begin and end. Offsets count code points.
function inParts(quote, focus) {
  const points = Array.from(quote);
  const cuts = [0, ...focus.flat(), points.length];
  return cuts.slice(1).map((end, at) => ({
    text: points.slice(cuts[at], end).join(""), before: points.slice(0, cuts[at]).join(""), chosen: at % 2 === 1,
  }));
}

function why({ retriever, why: reason }) {
  const named = reason.startsWith(retriever.split("+")[0]);
  return named || !reason ? reason || retriever : `${retriever}: ${reason}`;
}

const place = (citation) => citation.evidence.span
  ? el("button", { className: "place", type: "button", textContent: citation.place, on: { click: opening(citation) } })
  : el("span", { className: "place", textContent: citation.place });

const checked = ({ verified, evidence }) => verified
  ? el("span", { className: "checked", textContent: "✓ checked", title: evidence.query
    ? "These rows are the result of the query" : "Compared with the stored text: equal, character for character" })
  : el("span", { className: "unchecked", textContent: "✗ not in the stored text", title: "The stored document no longer holds this quote" });

function written(sentence) {
  return sentence.supported
    ? el("span", { textContent: sentence.text })
    : el("span", { className: "unsupported", title: "Not supported by the evidence", textContent: sentence.text });
}

function leftOut(answer) {
  const failing = answer.sentences.filter((sentence) => !sentence.supported);
  if (!failing.length) return null;
  return el("div", { className: "left-out" },
    el("p", { className: "hint", textContent: `${count(failing.length, "written sentence")} not supported by the evidence` }),
    el("ul", {}, failing.map((sentence) => el("li", {}, written(sentence)))));
}

// The rows with their query, then the lines of code behind them, one line each.
function rowsAnswer(answer) {
  const columns = answer.metadata.columns ?? [];
  return [
    paragraph(answer.text, answer),
    ...answer.citations.filter((citation) => citation.evidence.query).map((citation) => rowsCard(citation, columns)),
    el("div", { className: "lines" }, answer.citations.filter((citation) => !citation.evidence.query).map(lineCard)),
  ];
}

function rowsCard(citation, columns) {
  const { evidence } = citation;
  return el("figure", { className: "citation" },
    evidence.rows.length ? table(columns, evidence.rows) : el("p", { className: "hint", textContent: "No rows" }),
    el("figcaption", {}, mark(citation), el("span", { className: "place", textContent: citation.place }), checked(citation),
      el("span", { className: "why", textContent: why(evidence) })),
    query(evidence.query));
}

function lineCard(citation) {
  return el("figure", { className: "citation line-card" },
    mark(citation),
    el("div", {},
      el("blockquote", { className: "code", textContent: citation.quote }),
      el("figcaption", {}, place(citation), checked(citation), el("span", { className: "why", textContent: why(citation.evidence) }))));
}

const query = (text) => el("pre", { className: "query", textContent: text, "aria-label": "Query" });

const cell = (value) => value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

// Long names and paths break behind their own separators first.
const breakable = (text) => text.split(/(?<=[./_])/).flatMap((part, index) => index ? [el("wbr"), part] : [part]);

const numeric = (value) => typeof value === "number" ? "number" : "";
const shape = (value) => cell(value).length > 24 ? "long" : numeric(value);

function table(columns, rows) {
  return el("div", { className: "table", tabIndex: 0, role: "region", "aria-label": "Rows" }, el("table", {},
    columns.length ? el("thead", {}, el("tr", {}, columns.map((name, index) =>
      el("th", { scope: "col", className: numeric(rows[0]?.[index]), textContent: name })))) : null,
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((value) =>
      el("td", { className: shape(value) }, breakable(cell(value)))))))));
}

function trace(steps) {
  if (!steps.length) return null;
  const total = steps.reduce((sum, step) => sum + step.seconds, 0);
  return el("details", { className: "trace" },
    el("summary", { textContent: `${count(steps.length, "step")}, ${milliseconds(total)}` }),
    el("ol", {}, steps.map((step) => {
      const bar = el("span", { className: "bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", total ? step.seconds / total : 0);
      return el("li", {}, el("b", { textContent: step.name }), el("span", { className: "detail", textContent: step.detail }),
        bar, el("span", { className: "time", textContent: milliseconds(step.seconds) }));
    })));
}
