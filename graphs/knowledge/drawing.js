// Entities as dots and their edges as lines, laid out by forces, to be moved, zoomed and walked with the keyboard.
// The map of a library and the graph of an answer on the chat page are drawn by it. It makes no markup of any text.

const SPACE = "http://www.w3.org/2000/svg";
const STEPS = 300;
const LONGEST_LABEL = 20; // letters; a longer one is told when an end is chosen

function shape(tag, parent, attributes = {}, text = "") {
  const element = document.createElementNS(SPACE, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

// Forces: all apart, joined ones together, everything to the middle (Fruchterman and Reingold, 1991).
function layOut(nodes, edges) {
  const apart = nodes.length < 40 ? 10 : 1;
  for (let step = 0; step < STEPS; step += 1) {
    const heat = 12 * (1 - step / STEPS) + 0.2;
    for (const node of nodes) { node.dx = -0.02 * node.x; node.dy = -0.02 * node.y; }
    for (let a = 0; a < nodes.length; a += 1) for (let b = a + 1; b < nodes.length; b += 1) {
      const one = nodes[a], other = nodes[b], x = one.x - other.x, y = one.y - other.y;
      const force = 90 * apart / (x * x + y * y + 1);
      one.dx += x * force; one.dy += y * force; other.dx -= x * force; other.dy -= y * force;
    }
    for (const edge of edges) {
      const one = nodes[edge.source], other = nodes[edge.target], x = other.x - one.x, y = other.y - one.y;
      const pull = one.community === other.community ? 0.08 : 0.02;
      one.dx += x * pull; one.dy += y * pull; other.dx -= x * pull; other.dy -= y * pull;
    }
    for (const node of nodes) {
      const size = Math.hypot(node.dx, node.dy) || 1, far = Math.min(size, heat);
      node.x += node.dx / size * far; node.y += node.dy / size * far;
    }
  }
}

// `data.nodes` have a name, a count and a community; `data.edges` the places of both ends among them, perhaps a label.
// Gives `select(place)`, which marks one with its neighbours and tells `chosen(node, edges)`, and the nodes with their
// edges.
export function draw(view, data, chosen) {
  const nodes = data.nodes.map((node, at) => {
    const turn = at * 2.399963, far = 14 * Math.sqrt(at + 1);
    return { ...node, x: far * Math.cos(turn), y: far * Math.sin(turn), dx: 0, dy: 0, edges: [] };
  });
  const edges = data.edges.map((edge) => ({ ...edge }));
  for (const edge of edges) {
    nodes[edge.source].edges.push(edge);
    if (edge.target !== edge.source) nodes[edge.target].edges.push(edge);
  }
  layOut(nodes, edges);
  view.replaceChildren();
  const all = shape("g", view), lines = shape("g", all), dots = shape("g", all);
  for (const edge of edges) {
    const one = nodes[edge.source], other = nodes[edge.target];
    edge.line = shape("line", lines, { x1: one.x, y1: one.y, x2: other.x, y2: other.y });
    if (edge.label && edge.label.length <= LONGEST_LABEL) {
      shape("text", lines, { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, class: "edge-label" }, edge.label);
    }
  }
  nodes.forEach((node, at) => {
    node.group = shape("g", dots, {
      class: "node", tabindex: 0, role: "button", "aria-label": node.name, transform: `translate(${node.x},${node.y})`,
    });
    const hue = ((node.community ?? 0) * 137.508) % 360;
    shape("circle", node.group, { r: 4 + 3 * Math.log10(1 + (node.count ?? 9)), fill: `hsl(${hue} 60% 50%)` });
    shape("text", node.group, { x: 8, y: 4 }, node.name);
    node.group.addEventListener("click", () => select(at));
    node.group.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); select(at); }
    });
  });

  function select(at) {
    const own = new Set([at]);
    for (const edge of nodes[at].edges) { own.add(edge.source); own.add(edge.target); }
    nodes.forEach((node, place) => {
      node.group.classList.toggle("off", !own.has(place));
      node.group.classList.toggle("on", place === at);
    });
    for (const edge of edges) edge.line.classList.toggle("on", edge.source === at || edge.target === at);
    chosen(at, nodes[at].edges);
  }

  move(view, all, nodes);
  return { nodes, select };
}

// Dragging moves the drawing, the wheel zooms it; at first all of it is seen, with room for the names on the right.
function move(view, all, nodes) {
  const far = (axis) => Math.max(40, ...nodes.map((node) => Math.abs(node[axis])));
  const seen = { x: 0, y: 0, scale: 1 };
  const box = () => view.getBoundingClientRect();
  const place = () => {
    const { width, height } = box();
    all.setAttribute("transform", `translate(${width / 2 + seen.x},${height / 2 + seen.y}) scale(${seen.scale})`);
  };
  const { width, height } = box();
  seen.scale = Math.max(0.1, Math.min(1.3, (width / 2 - 70) / far("x"), (height / 2 - 20) / far("y")));
  seen.x = -30;
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && view.dataset.wheel !== "zooms") return; // the page below it is to scroll
    event.preventDefault();
    seen.scale = Math.min(8, Math.max(0.1, seen.scale * Math.exp(-event.deltaY / 500)));
    place();
  }, { passive: false });
  view.addEventListener("pointermove", (event) => {
    if (event.buttons) { seen.x += event.movementX; seen.y += event.movementY; place(); }
  });
  addEventListener("resize", place);
  place();
}
