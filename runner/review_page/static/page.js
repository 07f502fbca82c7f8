"use strict";
// The keys of the page. Every verdict is a form of its own that works without this script too.

const byId = (id) => document.getElementById(id);
let busy = false; // a request is on its way: a second key must not judge an item that is not shown yet

function isTyping(target) {
  return target.matches("input:not([type=hidden]), textarea, select");
}

function openEdit() {
  const edit = byId("edit");
  if (!edit) return;
  edit.open = true;
  const answer = byId("edit-answer");
  answer.focus();
  answer.setSelectionRange(answer.value.length, answer.value.length);
}

function leaveEdit() {
  const edit = byId("edit");
  for (const area of edit.querySelectorAll("textarea")) area.value = area.defaultValue;
  edit.open = false;
  byId("work").focus({ preventScroll: true });
}

function toggleHelp() {
  const help = byId("help");
  help.hidden = !help.hidden;
  byId("help-button").setAttribute("aria-expanded", String(!help.hidden));
}

function press(key) {
  if (key === "c") {
    byId("note")?.focus();
    return true;
  }
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
  if (button && !busy) button.click();
  return Boolean(button);
}

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.closest("#edit")) {
    event.preventDefault();
    if (!busy) byId("save").click();
  } else if (event.key === "Escape" && target.closest("#edit")) {
    leaveEdit();
  } else if (event.key === "Escape" && target.id === "note") {
    byId("work").focus({ preventScroll: true });
  } else if (event.key === "Enter" && target.id === "note") {
    // Else Enter would press the form's first button, which accepts.
    event.preventDefault();
    byId("work").focus({ preventScroll: true });
  } else if (!isTyping(target) && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat) {
    const sideways = { ArrowRight: "j", ArrowLeft: "k", y: "a", n: "r" };
    if (press(sideways[event.key] ?? event.key)) event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (button?.id === "edit-button") openEdit();
  if (button?.id === "leave") leaveEdit();
  if (button?.id === "help-button") toggleHelp();
});

document.addEventListener("change", (event) => {
  if (event.target.closest?.("#filters")) byId("filters").submit();
});

function offline(words) {
  const place = byId("offline");
  place.textContent = words;
  place.hidden = !words;
}

function showMark() {
  const mark = document.querySelector(".passage mark");
  const text = mark?.closest(".text");
  // Within the passage alone, so that the page itself stays where it is.
  if (text) text.scrollTop = Math.max(0, mark.offsetTop - text.offsetTop - text.clientHeight / 3);
}

document.addEventListener("htmx:beforeRequest", () => { busy = true; });
// Before it has settled, htmx does not know the new forms yet.
document.addEventListener("htmx:afterSettle", () => { busy = false; });
document.addEventListener("htmx:afterRequest", (event) => { if (!event.detail.successful) busy = false; });
document.addEventListener("htmx:afterSwap", () => {
  offline("");
  window.scrollTo(0, 0);
  byId("work").focus({ preventScroll: true });
  showMark();
});
document.addEventListener("htmx:sendError", () => {
  offline("The server does not answer, and your last key was not kept. Start runner-review again, then press the key again.");
});
document.addEventListener("htmx:responseError", (event) => {
  const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const reason = answer.querySelector("[role=alert]")?.textContent ?? event.detail.xhr.responseText.slice(0, 300);
  offline(`Your last key was not kept. ${reason}`);
});
showMark();
