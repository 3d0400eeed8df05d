// The list below the search field: arrows go through it, Escape and leaving it close it. Filled by htmx.
"use strict";

document.addEventListener("keydown", (event) => {
  const box = event.target.closest(".search-box");
  const list = document.getElementById("suggestions");
  if (!box || !list.childElementCount) return;
  const field = document.getElementById("search-field");
  const stops = [field, ...list.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    list.replaceChildren();
    field.focus();
    event.preventDefault();
  } else if (step && stops.includes(event.target)) {
    stops[(stops.indexOf(event.target) + step + stops.length) % stops.length].focus();
    event.preventDefault();
  }
});

document.addEventListener("focusin", (event) => {
  if (!event.target.closest(".search-box")) document.getElementById("suggestions")?.replaceChildren();
});
