// Possible matches beside each child as typed. Without scripts the button "Check whether they are known" does it.
const WAIT = 350;
const WATCHED = /_(given_names|family_name|born|involvement|same_surname)$/;

const form = document.querySelector("form[data-matching]");
const timers = new Map();

function rowNumber(row) {
  return row.querySelector("[name$=_sent]").name.match(/^children_(\d+)_/)[1];
}

async function look(row) {
  const holder = row.querySelector("[data-matches]");
  const body = new URLSearchParams(new FormData(form));
  body.delete("add");
  body.set("row", rowNumber(row));
  try {
    const answer = await fetch(form.dataset.matching, { method: "POST", body, headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const text = await answer.text();
    if (holder.textContent.trim() || text.trim()) holder.innerHTML = text;
  } catch {
    // Nothing is lost: the server looks again when the notice is saved.
  }
}

function changed(event) {
  if (!WATCHED.test(event.target.name || "")) return;
  const rows = [...form.querySelectorAll("[data-row]")];
  const first = rows.indexOf(event.target.closest("[data-row]"));
  if (first < 0) return;
  // A surname also counts for the children below who have the same one.
  const touched = event.target.name.endsWith("_family_name") ? rows.slice(first) : [rows[first]];
  for (const row of touched) {
    clearTimeout(timers.get(row));
    timers.set(row, setTimeout(() => look(row), WAIT));
  }
}

if (form) {
  form.addEventListener("change", changed);
  const check = form.querySelector("[data-check]");
  check.addEventListener("click", (event) => {
    event.preventDefault();
    for (const row of form.querySelectorAll("[data-row]")) look(row);
  });
}
