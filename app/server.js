// Everything that goes over the wire: JSON requests, the event stream, and the token where the server wants one.

import { $ } from "./dom.js";

export class Failure extends Error {
  constructor({ what, where = "", fix = "", kind = "Unexpected" }) {
    super(what);
    Object.assign(this, { what, where, fix, kind });
  }
}

const unreachable = () => new Failure({
  what: "the server cannot be reached", fix: "check that evidentia chat is still running", kind: "Unreachable",
});

const KEY = "evidentia-token";

// A token may be handed over behind the # of the address; browsers do not send that part.
const handed = new URLSearchParams(location.hash.slice(1)).get("token");
if (handed) {
  sessionStorage.setItem(KEY, handed);
  history.replaceState(null, "", location.pathname);
}

export async function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null && value !== ""));
  return (await send(`${path}?${query}`)).json();
}

export async function post(path, body, signal) {
  return (await send(path, posted(body, signal))).json();
}

export async function put(path, parameters, content, signal) {
  const headers = { "Content-Type": "application/octet-stream" };
  return (await send(`${path}?${new URLSearchParams(parameters)}`, { method: "PUT", headers, body: content, signal })).json();
}

export const remove = (path, parameters = {}, signal) =>
  send(`${path}?${new URLSearchParams(parameters)}`, { method: "DELETE", signal });

// Yields [name, data] for each server-sent event of a POST.
export async function* events(path, body, signal) {
  const reply = await send(path, posted(body, signal));
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  try {
    for (let part = await read(reader); !part.done; part = await read(reader)) {
      const blocks = (waiting + part.value).split("\n\n");
      waiting = blocks.pop();
      yield* blocks.map(parsed).filter(([name]) => name);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

const posted = (body, signal) => ({
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
});

function parsed(block) {
  let name = "";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    if (line.startsWith("data: ")) data.push(line.slice(6));
  }
  return [name, data.length ? JSON.parse(data.join("\n")) : null];
}

async function read(reader) {
  try {
    return await reader.read();
  } catch (error) {
    throw error.name === "AbortError" ? error : unreachable();
  }
}

async function send(path, options = {}) {
  const token = sessionStorage.getItem(KEY);
  const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  let reply;
  try {
    reply = await fetch(path, { ...options, headers });
  } catch (error) {
    throw error.name === "AbortError" ? error : unreachable();
  }
  if (reply.ok) return reply;
  if (reply.status === 401) {
    await unlocked();
    return send(path, options);
  }
  const known = await reply.json().catch(() => null);
  throw new Failure(known?.error ?? { what: `the server answered ${reply.status}` });
}

// Resolves once a token was typed in; several requests may wait for the same one.
let unlocking = null;
function unlocked() {
  unlocking ??= new Promise((resolve) => {
    const dialog = $("locked");
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => {
      sessionStorage.setItem(KEY, $("token").value);
      $("token").value = "";
      unlocking = null;
      resolve();
    }, { once: true });
    dialog.showModal();
  });
  return unlocking;
}
