// "Add another child" without a round trip: copies the template row and numbers its names.
// <div data-rows="children"> … rows … <template>row with __n__</template> <button data-add-row> </div>
// Without scripts the same button is a submit button, and the server shows one row more.
export function startRepeatedRows() {
  for (const holder of document.querySelectorAll("[data-rows]")) {
    const template = holder.querySelector("template");
    const button = holder.querySelector("[data-add-row]");
    if (!template || !button) continue;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const number = holder.querySelectorAll("[data-row]").length;
      const made = document.createElement("template");
      made.innerHTML = template.innerHTML.replaceAll("__n__", String(number)).replaceAll("__number__", String(number + 1));
      const row = made.content.querySelector("[data-row]");
      template.before(made.content);
      row.querySelector("input, select, textarea")?.focus();
    });
  }
}
