// H, M and S choose the grade while the focus is inside the group of radios, not in a text box.
const GRADES = { h: "high", m: "medium", s: "standard" };

export function startGradeKeys() {
  for (const group of document.querySelectorAll("[data-grade-keys]")) {
    group.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const grade = GRADES[event.key.toLowerCase()];
      const radio = grade && group.querySelector(`input[type=radio][value=${grade}]`);
      if (!radio) return;
      radio.checked = true;
      radio.focus();
      radio.dispatchEvent(new Event("change", { bubbles: true }));
      event.preventDefault();
    });
  }
}
