// One drop: its files are uploaded one by one, then added together. A card tells what happens, and what became of them.

import { $, bytes, count, el, sentence } from "./dom.js";
import { Failure, events, get, put, remove } from "./server.js";

const STAGES = {
  waiting: "Waiting until another process has finished writing",
  reading: "Reading",
  "code graph": "Making the code graph",
  "knowledge graph": "Linking names",
  embedding: "Embedding",
  "dense index": "Making the index",
};
const UNITS = { reading: "file", "code graph": "file", "knowledge graph": "document", embedding: "passage" };

let last = Promise.resolve();
let waiting = 0;

// Adds `files`; `unable` are [name, reason] of what cannot be taken. Drops are taken one after the other.
export function add(files, unable, onAdded) {
  const card = new Adding(files, unable, onAdded);
  $("adding").hidden = false;
  $("adding").append(card.node);
  card.node.scrollIntoView({ block: "nearest" });
  card.queue(() => card.begin());
}

window.addEventListener("beforeunload", (event) => {
  if (waiting) event.preventDefault();
});

class Adding {
  constructor(files, unable, onAdded) {
    Object.assign(this, { files, unable, onAdded, drop: crypto.randomUUID?.() ?? uuid(), adding: false, resumed: false });
    this.stored = new Set();
    const id = `adding-${this.drop}`;
    this.title = el("h2", { id, textContent: files.length ? `Adding ${count(files.length, "file")}` : "Nothing to add" });
    this.line = el("p", { className: "adding-line", textContent: "Waiting for its turn" });
    this.bar = el("progress", { max: 1, value: 0, "aria-labelledby": id });
    this.list = el("ul", { className: "skipped" });
    this.button = el("button", { className: "plain", type: "button", on: { click: () => this.press() } });
    this.node = el("div", { className: "adding-card", role: "group", "aria-labelledby": id },
      el("div", { className: "adding-top" }, this.title, this.button), this.line, this.bar, this.list);
    unable.forEach(([name, reason]) => this.tell(name, reason));
    this.label("Cancel");
  }

  queue(act) {
    this.control = new AbortController();
    waiting += 1;
    last = last.then(act).catch((failure) => this.failed(failure)).finally(() => { waiting -= 1; });
  }

  async begin() {
    const files = await this.allowed();
    if (!files.length) return this.ended("No file was added");
    await this.upload(files);
    if (!this.stored.size) return this.ended("No file was added");
    await this.take(`api/uploads/${this.drop}`);
  }

  // What the server's rules let through; the rest is told.
  async allowed() {
    this.control.signal.throwIfAborted();
    const rules = await get("api/uploads");
    if (!rules.allowed) {
      throw new Failure({ what: "nothing can be added here", where: rules.reason });
    }
    const sum = this.files.reduce((total, file) => total + file.size, 0);
    if (this.files.length > rules.max_files || sum > rules.max_bytes) {
      throw new Failure({
        what: `at most ${rules.max_files} files of ${bytes(rules.max_bytes)} together can be added at once`,
        fix: "drop fewer, or add their folder in a terminal: evidentia add PATH",
      });
    }
    const names = new Set();
    return this.files.filter((file) => {
      const reason = file.size > rules.max_file_bytes ? `larger than ${bytes(rules.max_file_bytes)}`
        : names.has(file.name) ? "another file of this name is in this drop" : "";
      names.add(file.name);
      if (reason) this.tell(file.name, reason);
      return !reason;
    });
  }

  async upload(files) {
    this.say(`Uploading ${count(files.length, "file")}`);
    for (const [index, file] of files.entries()) {
      this.line.textContent = `Uploading ${file.name}, ${index + 1} of ${files.length}`;
      this.move(index, files.length);
      try {
        await readable(file);
        const { name } = await put(`api/uploads/${this.drop}`, { name: file.name }, file, this.control.signal);
        this.stored.add(name);
      } catch (failure) {
        if (!(failure instanceof Failure) || failure.kind === "Unreachable") throw failure;
        this.tell(file.name, [failure.what, failure.fix].filter(Boolean).join(": "));
      }
    }
  }

  async take(path) {
    this.adding = true;
    let stage = null;
    for await (const [name, data] of events(path, undefined, this.control.signal)) {
      if (name === "error") throw new Failure(data.error);
      if (name === "added") return this.added(data);
      if (data.stage !== stage) this.say(STAGES[stage = data.stage] ?? stage);
      this.advance(data);
    }
    throw new Failure({ what: "the adding broke off", fix: "what was finished is kept" });
  }

  advance({ stage, done, total }) {
    const unit = UNITS[stage];
    const how = unit && total ? ` ${done.toLocaleString("en")} of ${count(total, unit)}` : "";
    this.line.textContent = `${STAGES[stage] ?? stage}${how && (stage === "reading" || stage === "embedding" ? how : `:${how}`)}`;
    this.move(done, total);
  }

  added({ folder, files, notes }) {
    const mine = files.filter(({ name }) => this.stored.has(name));
    for (const { name, reason } of mine) if (reason) this.tell(name, reason);
    this.ended(this.resumed ? "The library is up to date" : summary(mine, this.files.length + this.unable.length),
      [`Added files lie in ${folder}`, ...notes].join(". "));
    this.onAdded();
  }

  failed(failure) {
    if (this.control.signal.aborted) {
      this.ended(this.adding ? "Stopped" : "Stopped: nothing was added",
        this.adding ? "What was finished is kept; the files lie in the library’s folder, and going on adds the rest" : "");
    } else if (failure instanceof Failure) {
      this.node.classList.add("failed");
      this.ended(sentence(failure.what), [failure.where, failure.fix].filter(Boolean).map(sentence).join(". "));
    } else {
      this.ended("Something went wrong in the page");
      reportError(failure);
    }
    if (!this.adding) remove(`api/uploads/${this.drop}`).catch(() => {});
    else this.list.before(el("button", { className: "plain again", type: "button", textContent: "Go on",
      on: { click: ({ currentTarget }) => { currentTarget.remove(); this.goOn(); } } }));
    if (this.adding) this.onAdded();
  }

  goOn() {
    this.node.classList.remove("failed");
    this.resumed = true;
    this.bar.hidden = false;
    this.label("Cancel");
    this.button.focus();
    this.queue(() => this.take("api/uploads"));
  }

  press() {
    if (this.bar.hidden) this.close();
    else {
      this.line.textContent = "Stopping";
      this.control.abort();
    }
  }

  close() {
    this.node.remove();
    $("adding").hidden = !$("adding").children.length;
    $("add").focus();
  }

  ended(title, line = "") {
    this.title.textContent = title;
    this.line.textContent = line;
    this.bar.hidden = true;
    this.say([title, line].filter(Boolean).join(". "));
    this.label("Close");
  }

  label(text) {
    this.button.textContent = text;
    this.button.setAttribute("aria-label", text === "Close" ? "Close this message" : "Cancel this adding");
  }

  move(done, total) {
    if (total) Object.assign(this.bar, { max: total, value: done });
    else this.bar.removeAttribute("value");
  }

  tell(name, reason) {
    this.list.append(el("li", {}, el("span", { className: "path", textContent: name }), el("span", { textContent: reason })));
  }

  // For who listens: each stage once, not every step.
  say(text) {
    $("adding-said").textContent = text;
  }
}

function summary(files, all) {
  const states = ["added", "replaced", "unchanged"].map((state) => [state, files.filter((file) => file.state === state).length]);
  const [first, ...others] = states.filter(([, number]) => number);
  if (!first) return "No file was added";
  const missing = all - states.reduce((sum, [, number]) => sum + number, 0);
  if (missing) others.push(["not added", missing]);
  return [`${count(first[1], "file")} ${first[0]}`, ...others.map(([state, number]) => `${number} ${state}`)].join(", ");
}

// A folder, or a file that has gone since it was chosen, fails here and not as an unreachable server.
async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new Failure({ what: "the browser cannot read it", kind: "Unreadable" });
  }
}

// Pages that are not from this machine or over TLS have no randomUUID.
function uuid() {
  const random = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return random.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
