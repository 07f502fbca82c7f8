"use strict";
// Sort, filter and draw the parts of the report. Elements are built from text nodes, never from markup: the texts are not ours.

const byId = (id) => document.getElementById(id);

function create(tag, content = [], attributes = {}) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat());
  return element;
}

// Links: MLflow shows the page in a frame without an address, where a browser does not follow links within the page.
function follow(event) {
  const section = byId(event.currentTarget.hash.slice(1));
  event.preventDefault();
  section.scrollIntoView();
  section.focus({ preventScroll: true });
}
if (window !== window.parent) {
  for (const link of document.querySelectorAll('a[href^="#"]')) link.addEventListener("click", follow);
}

// Tables: a button in a heading sorts each body of its table. A cell without a value comes last in both orders.
function sort(heading) {
  const headings = [...heading.parentElement.children];
  const place = headings.indexOf(heading);
  const down = heading.getAttribute("aria-sort") !== "descending";
  for (const other of headings) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const numeric = heading.classList.contains("number");
  const value = (row) => row.children[place].dataset.value ?? (numeric ? "" : row.children[place].textContent.trim());
  const order = (row, other) => {
    const [first, second] = [value(row), value(other)];
    if (first === "" || second === "") return (first === "") - (second === "");
    return (numeric ? first - second : first.localeCompare(second, undefined, { numeric: true })) * (down ? -1 : 1);
  };
  for (const body of heading.closest("table").tBodies) body.append(...[...body.rows].sort(order));
}
for (const button of document.querySelectorAll("th button")) button.addEventListener("click", () => sort(button.parentElement));

// Pairs: the table has a body for each category, and one for all questions.
function filterPairs() {
  const [category, arm] = [byId("pair-category").value, byId("pair-arm").value];
  let shown = 0;
  for (const body of byId("pairs-table").tBodies) {
    body.hidden = category !== "*" && body.dataset.category !== category;
    for (const row of body.rows) {
      row.hidden = arm !== "*" && row.dataset.first !== arm && row.dataset.second !== arm;
      shown += !row.hidden && !body.hidden;
    }
  }
  byId("pair-count").textContent = `${shown.toLocaleString("en")} ${shown === 1 ? "pair" : "pairs"} shown`;
}
if (byId("pair-category")) {
  for (const id of ["pair-category", "pair-arm"]) byId(id).addEventListener("change", filterPairs);
  filterPairs();
}

// Figures: drawn for the width of the window. Vega does not fold names, so the room for them is estimated from their lengths.
function room(specification) {
  const rows = Object.values(specification.datasets ?? {}).flat();
  const longest = (chosen, field = "arm") => Math.max(0, ...chosen.map((row) => (row[field] ?? "").length)) * 6.9;
  const y = (specification.spec ?? specification).layer[0].encoding.y;
  const named = rows.filter((row) => typeof row.written === "number"); // baselines have their names to the right of the chart
  const legend = Math.max(longest(rows, "line"), longest(rows, "measure")) + 44;
  return { legend, left: y?.type === "nominal" ? longest(rows) + 20 : 68, right: 16 + Math.min(120, longest(named)) };
}
function fitted(specification, width, limit) {
  const spec = structuredClone(specification);
  const { left, right } = room(spec);
  const inner = width - Math.min(left, limit + 20) - right;
  if (!spec.facet) return { ...spec, width: inner };
  spec.columns = Math.max(1, Math.min(spec.columns, Math.floor(inner / 200)));
  spec.spec.width = Math.floor(inner / spec.columns) - 22;
  return spec;
}
function draw(specifications, config) {
  for (const [name, specification] of Object.entries(specifications)) {
    const host = byId(`figure-${name}`);
    const width = host.parentElement.clientWidth;
    const limit = Math.floor(width * 0.45); // of names; a chart needs the rest
    const legend = { ...config.legend, columns: Math.max(1, Math.floor(width / room(specification).legend)) };
    const settings = { ...config, axis: { ...config.axis, labelLimit: limit }, legend };
    const options = { actions: false, renderer: "svg", mode: "vega-lite", logLevel: 1, config: settings };
    vegaEmbed(host, fitted(specification, width, limit), options).catch((error) => console.error(name, error));
  }
}
if (byId("specifications") && window.vegaEmbed) {
  const { specifications, config } = JSON.parse(byId("specifications").textContent);
  let width = 0;
  const redraw = () => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    draw(specifications, config);
  };
  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(redraw, 150);
  });
  redraw();
}

// Questions: unpacked once, filtered while the reader types, shown ten at a time.
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

function grade(passed, graded) {
  if (passed === null) return ["ungraded", "unsure"];
  if (passed === 1) return ["✓ right", "good"];
  if (passed === 0) return ["✗ wrong", "bad"];
  const right = passed * graded;
  // A score of another tool may be any number from 0 to 1.
  if (Math.abs(right - Math.round(right)) > 0.001) return [`score ${passed.toFixed(2)}`, "unsure"];
  return [`${Math.round(right)} of ${graded} right`, "unsure"];
}

function answers({ arms, answered }, responses, labelled) {
  const groups = new Map(); // arms with the same answer and the same grade share a row
  for (const [arm, text, cut, passed, graded] of responses) {
    const key = JSON.stringify([text, cut, ...grade(passed, graded), passed]);
    groups.set(key, [...(groups.get(key) ?? []), arm]);
  }
  const ranked = [...groups].map(([key, members]) => [key, members, JSON.parse(key)[4] ?? -1]);
  const ordered = ranked.sort(([, members, first], [, others, second]) => second - first || others.length - members.length);
  return ordered.map(([key, members]) => {
    const [text, cut, word, look] = JSON.parse(key);
    const names = members.map((arm) => arms[arm] + (labelled.includes(arm) ? " (taught)" : "")).join(", ");
    const more = cut ? [create("small", `and ${cut.toLocaleString("en")} more characters`)] : [];
    const answer = create("td", [text || create("span", "no answer", { class: "quiet" }), ...more], { class: "answer" });
    return create("tr", [
      create("td", create("span", word, { class: `mark ${look}` })),
      ...(answered ? [answer] : []),
      create("td", names),
    ]);
  });
}

function card(content, [id, question, reference, category, fact, , responses, labelled]) {
  const right = responses.filter(([, , , passed]) => passed === 1).length;
  const about = [content.categories[category], fact && `fact ${fact}`, `question ${id}`, `${right} of ${responses.length} right`];
  const asked = create(
    "div",
    [create("h3", question), ...(reference ? [create("p", ["Reference: ", create("strong", reference)])] : []), create("p", about.filter(Boolean).join(" · "), { class: "quiet" })],
    { class: "asked" },
  );
  const headings = ["Grade", ...(content.answered ? ["Answer"] : []), byId("arms-title").textContent].map((name) => create("th", name, { scope: "col" }));
  const table = create("table", [
    create("caption", `Answers to: ${question}`, { class: "hidden" }),
    create("thead", create("tr", headings)),
    create("tbody", answers(content, responses, labelled)),
  ]);
  return create("li", [asked, table], { "data-id": id });
}

function browse(content) {
  const size = 10;
  const texts = content.rows.map(([id, question, reference, , fact, , responses]) =>
    [id, question, reference, fact, ...responses.map(([, text]) => text)].join("\n").toLowerCase(),
  );
  let [at, chosen] = [0, []];
  const show = () => {
    const pages = Math.max(1, Math.ceil(chosen.length / size));
    at = Math.min(Math.max(at, 0), pages - 1);
    const shown = chosen.slice(at * size, (at + 1) * size);
    byId("question-list").replaceChildren(...shown.map((row) => card(content, content.rows[row])));
    byId("question-page").textContent = `Page ${(at + 1).toLocaleString("en")} of ${pages.toLocaleString("en")}`;
    byId("question-back").disabled = at === 0;
    byId("question-on").disabled = at === pages - 1;
  };
  const filter = () => {
    const wanted = byId("question-search").value.trim().toLowerCase();
    const [category, disputed] = [byId("question-category").value, byId("question-disputed").checked];
    const fits = (row, place) =>
      (!disputed || row[5]) && (category === "*" || content.categories[row[3]] === category) && texts[place].includes(wanted);
    chosen = content.rows.flatMap((row, place) => (fits(row, place) ? [place] : []));
    at = 0;
    const [matching, all] = [chosen.length, content.rows.length].map((count) => count.toLocaleString("en"));
    byId("question-count").textContent = `${matching} of ${all} ${all === "1" ? "question" : "questions"}`;
    show();
  };
  const turn = (step) => {
    at += step;
    show();
    byId("question-list").scrollIntoView();
    byId("question-list").focus({ preventScroll: true });
  };
  byId("question-search").addEventListener("input", filter);
  for (const id of ["question-category", "question-disputed"]) byId(id).addEventListener("change", filter);
  byId("question-back").addEventListener("click", () => turn(-1));
  byId("question-on").addEventListener("click", () => turn(1));
  filter();
}
if (byId("question-data")) {
  unpacked(byId("question-data").textContent.trim())
    .then(browse)
    .catch((error) => {
      byId("question-count").textContent = `The questions could not be unpacked: ${error.message}. Open the report in a browser of 2023 or later.`;
    });
}

window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
});
