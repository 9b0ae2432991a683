// One way to make elements. Text only ever enters the page as text nodes, never as markup.

export const $ = (id) => document.getElementById(id);

export function el(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [type, act] of Object.entries(value)) node.addEventListener(type, act);
    else if (key in node) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const milliseconds = (seconds) =>
  seconds < 0.0005 ? "< 1 ms" : seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;

export const bytes = (number) => `${(number / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;

export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
