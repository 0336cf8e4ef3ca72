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
