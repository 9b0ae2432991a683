// The part of the knowledge graph that an answer rests on: a drawing, and below it what the chosen entity is joined with.

import { count, el } from "./dom.js";
import { draw } from "./drawing.js";

const MOST_OPEN = 24; // entities of a drawing that is open at once

// `mark` makes the mark of a citation.
export function graphOf(answer, mark) {
  const graph = answer.metadata.graph;
  if (!graph?.edges.length) return null;
  const places = new Map(graph.nodes.map((node, at) => [node.name, at]));
  const ends = graph.edges.filter((edge) => places.has(edge.source) && places.has(edge.target));
  const data = {
    nodes: graph.nodes.map((node) => ({ ...node, community: ["name", "term", "date"].indexOf(node.kind) })),
    edges: ends.map((edge) => ({ ...edge, source: places.get(edge.source), target: places.get(edge.target) })),
  };
  const known = new Map(answer.citations.map((citation) => [citation.number, citation]));
  const view = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  view.setAttribute("role", "group");
  view.setAttribute("aria-label", "Entities and how they are related");
  const told = el("p", { className: "hint", "aria-live": "polite", textContent: "Choose an entity to see what it is joined with." });

  const tell = (at, edges) => {
    const joined = edges.flatMap((edge) => {
      const other = data.nodes[edge.source === at ? edge.target : edge.source].name;
      const citation = known.get(edge.citation);
      return ["; ", edge.label ? `${other} (${edge.label})` : other, citation ? " " : null, citation ? mark(citation) : null];
    });
    told.replaceChildren(el("b", { textContent: data.nodes[at].name }), ": ", ...joined.slice(1).filter((part) => part !== null));
  };
  const show = ({ currentTarget: details }) => {
    if (details.open && !view.childElementCount) draw(view, data, tell);
  };
  return el("details", { className: "graph", open: data.nodes.length <= MOST_OPEN, on: { toggle: show } },
    el("summary", { textContent: `Graph: ${count(data.nodes.length, "name")}, ${count(data.edges.length, "edge")}` }), view, told);
}
