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

// Keys of a page: <a data-key="j"> or <button data-key="a"> is pressed by that key, except while something is typed.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (pressed) { event.preventDefault(); pressed.focus(); pressed.click(); }
});
