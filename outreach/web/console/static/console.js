// What the console does beyond plain pages; everything works without it, except that live figures need a reload.
"use strict";

// Live figures: <div data-live="/address"> shows whatever the stream of server-sent events at that address sends.
for (const place of document.querySelectorAll("[data-live]")) {
  const stream = new EventSource(place.dataset.live);
  stream.addEventListener("message", (event) => { place.innerHTML = event.data; });
  stream.addEventListener("over", () => { stream.close(); if (place.dataset.then) location.assign(place.dataset.then); });
  addEventListener("pagehide", () => stream.close());
}

// Only one menu is open at a time, and Escape closes it.
const menus = [...document.querySelectorAll("details.menu")];
for (const menu of menus) {
  menu.addEventListener("toggle", () => { if (menu.open) for (const other of menus) if (other !== menu) other.open = false; });
}
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
});

// Keys of a page: <a data-key="j"> or <button data-key="a"> is pressed by that key, except while something is typed,
// and unless she has turned the keys off (WCAG 2.2, 2.1.4). Escape leaves a field, so that keys work again.
addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.closest("input, textarea, select")?.blur();
  if (keysOff() || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (pressed) { event.preventDefault(); pressed.focus(); pressed.click(); }
});
function keysOff() { return localStorage.getItem("keys") === "off"; }
for (const button of document.querySelectorAll("[data-keys]")) {
  const say = () => { button.textContent = keysOff() ? button.dataset.on : button.dataset.off; button.hidden = false; };
  button.addEventListener("click", () => { localStorage.setItem("keys", keysOff() ? "on" : "off"); say(); });
  say();
}

// A thing that she has open, <div data-leave="/address">, is told when she leaves its page.
for (const place of document.querySelectorAll("[data-leave]")) {
  addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.leave));
}

// What is saved as it is typed: <span id="saved" data-unsaved="…"> says so when it could not be, and why it may be: the
// server is away, or she is logged out. What was typed last is sent even when she leaves the page at once.
const saved = document.getElementById("saved");
const typing = document.querySelector('form[hx-target="#saved"]');
if (saved && typing) {
  let typed = 0, kept = 0, sent = 0;
  const unsaved = () => { saved.innerHTML = '<span class="unsaved"></span>'; saved.firstChild.textContent = saved.dataset.unsaved; };
  // What shows beside it how it will look asks from within the form, too.
  const own = (event) => event.detail.requestConfig.elt === typing;
  typing.addEventListener("input", () => { typed += 1; });
  typing.addEventListener("submit", () => { kept = typed; });
  typing.addEventListener("htmx:beforeRequest", (event) => { if (own(event)) sent = typed; });
  typing.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, xhr } = event.detail;
    const answer = new URL(xhr.responseURL || location.href).pathname;
    const away = answer !== new URL(requestConfig.path, location.href).pathname;
    if (away) event.detail.shouldSwap = false;
    if (own(event) && away) unsaved(); else if (own(event) && xhr.status === 200) kept = sent;
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) typing.addEventListener(name, (event) => { if (own(event)) unsaved(); });
  // She may have begun to type before this was there.
  const begun = () => [...typing.elements].some((each) => each.matches("textarea, input:not([type=hidden])") && each.value !== each.defaultValue);
  addEventListener("load", () => { if (!typed && begun()) typing.dispatchEvent(new Event("input", { bubbles: true })); });
  addEventListener("pagehide", () => { if (typed > kept) navigator.sendBeacon(typing.action, new FormData(typing)); });
}
