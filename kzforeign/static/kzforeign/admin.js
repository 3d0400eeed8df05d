/* Choices by typing, shown by Select2 in elements without a name: each gets that of the field, for who hears the page.
   And the empty head of the first column of parts, which has nothing to say. */
"use strict";

function nameChoices() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const label = select.getAttribute("aria-label") || select.labels[0]?.textContent.replace(/:\s*$/, "");
    const shown = select.nextElementSibling?.querySelectorAll(".select2-selection__rendered[role], .select2-search__field");
    if (label) shown?.forEach((element) => element.setAttribute("aria-label", label.trim()));
  }
}

window.addEventListener("load", () => {
  // jQuery keeps what is to be done when a page is ready in the order in which it was asked to.
  window.django?.jQuery?.(nameChoices);
  document.querySelectorAll("th.original:empty").forEach((head) => head.setAttribute("role", "presentation"));
});
document.addEventListener("formset:added", () => setTimeout(nameChoices));
