// The chat page: the question box, the turns, and what the library holds.

import { Turn } from "./answer.js";
import { closeDocument } from "./document.js";
import { $, count, el } from "./dom.js";
import { acceptFiles } from "./drop.js";
import { keepTurn, keptTurns } from "./kept.js";
import { tellLibrary } from "./library.js";
import { Failure, events, get, post } from "./server.js";

const box = $("question");
let running = null;

async function ask(question) {
  const again = () => ask(question);
  const turn = new Turn(question, again);
  $("welcome")?.remove();
  $("turns").append(turn.node);
  turn.node.firstChild.scrollIntoView({ block: "start", behavior: "instant" });
  running?.abort();
  const mine = (running = new AbortController());
  sending(true);
  try {
    await (isCypher(question) ? askGraph : askLibrary)(turn, question, mine.signal);
  } catch (failure) {
    if (mine.signal.aborted) turn.stopped();
    else if (failure instanceof Failure) turn.failed(failure);
    else throw failure;
  } finally {
    if (running === mine) sending(false);
  }
}

const isCypher = (question) => /^\s*match\s*\(/i.test(question);

async function askGraph(turn, question, signal) {
  turn.node.firstChild.classList.add("cypher");
  const rows = await post("api/graph/query", { cypher: question }, signal);
  turn.rows(rows);
  keepTurn({ question, rows });
}

async function askLibrary(turn, question, signal) {
  const write = document.querySelector("input[name=mode]:checked").value === "written";
  const body = { question, write, retriever: $("retriever").value || null };
  for await (const [name, data] of events("api/ask/stream", body, signal)) {
    if (name === "step") turn.step(data);
    if (name === "sentence") turn.sentence(data);
    if (name === "error") throw new Failure(data.error);
    if (name === "answer") {
      keepTurn({ question, answer: data });
      return turn.answer(data);
    }
  }
  throw new Failure({ what: "the answer broke off", fix: "ask again" });
}

function sending(busy) {
  if (!busy) running = null;
  $("send").textContent = busy ? "Stop" : "Ask";
  $("send").classList.toggle("stop", busy);
}

function submit() {
  const question = box.value.trim();
  if (!question) return box.focus();
  box.value = "";
  grow();
  return ask(question);
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
}

async function showStatus() {
  try {
    const status = await get("api/status");
    const { documents = 0, passages = 0 } = status.counts ?? status;
    $("status-line").textContent = documents
      ? [count(documents, "document"), count(passages, "passage"), status.model].filter(Boolean).join(" · ")
      : "The library is empty";
    if ($("fill")) await showFill(documents ? null : status.folder);
    return status;
  } catch (failure) {
    $("status-line").textContent = sentence(failure);
    $("status").classList.add("failed");
    return null;
  }
}

// How an empty library is filled.
async function showFill(folder) {
  const fill = $("fill");
  fill.hidden = folder === null;
  if (folder === null) return;
  const rules = await get("api/uploads");
  const command = el("code", { textContent: `evidentia add PATH --library ${folder}` });
  fill.replaceChildren(...(rules.allowed ? [
    el("p", { className: "fill-first", textContent: "The library is empty. Drop files here." }),
    el("button", { className: "send", type: "button", textContent: "Choose files", "data-choose": true }),
    el("p", { className: "hint" }, "A whole folder of documents or code, in a terminal: ", command),
  ] : [
    el("p", { className: "fill-first", textContent: "The library is empty. Fill it in a terminal:" }),
    el("p", {}, command),
    el("p", { className: "hint", textContent: `PATH is a file or a folder of documents or code; this page may stay open. Files cannot be dropped here: ${rules.reason}.` }),
  ]));
}

const sentence = (failure) => failure.fix ? `${failure.message}: ${failure.fix}` : failure.message;

async function showExamples() {
  const questions = await get("api/examples").catch(() => []);
  if (!$("examples")) return;
  $("examples").hidden = !questions.length;
  $("examples").replaceChildren(...questions.map((question) => el("li", {},
    el("button", { className: "example", type: "button", textContent: question, on: { click: () => ask(question) } }))));
}

function showKept() {
  for (const { question, answer, rows } of keptTurns()) {
    const turn = new Turn(question, () => ask(question));
    $("welcome")?.remove();
    $("turns").append(turn.node);
    if (answer) turn.answer(answer);
    else turn.rows(rows);
  }
}

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (running) running.abort();
  else submit();
});
box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
});
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && !closeDocument()) running?.abort();
  if (event.key === "/" && !/^(TEXTAREA|INPUT|SELECT)$/.test(event.target.tagName)) {
    event.preventDefault();
    box.focus();
  }
});
$("document-close").addEventListener("click", closeDocument);

async function refresh() {
  const status = await showStatus();
  if (status?.counts) await showExamples();
  return status;
}

showKept();
acceptFiles(refresh);
tellLibrary(showStatus, refresh);
refresh();
