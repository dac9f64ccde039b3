// One box at the head of the list ticks all rows of the page; without scripts rows are ticked one by one.
for (const place of document.querySelectorAll("[data-tick-all]")) {
  const boxes = [...place.closest("table").querySelectorAll("tbody input[type=checkbox]")];
  if (!boxes.length) continue;
  place.innerHTML =
    '<span class="govuk-checkboxes govuk-checkboxes--small"><span class="govuk-checkboxes__item app-backlog__tick">' +
    '<input class="govuk-checkboxes__input" type="checkbox" id="tick-all"><label class="govuk-label govuk-checkboxes__label" for="tick-all">' +
    '<span class="govuk-visually-hidden">Tick all on this page</span></label></span></span>';
  const all = place.querySelector("input");
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  for (const box of boxes) box.addEventListener("change", () => (all.checked = boxes.every((each) => each.checked)));
}
