// Keeps a draft while it is written, once nothing was typed for some seconds.
// <form data-draft="fields that are none of it"> with the fields draft (its version), base and step, and an element
// [data-draft-said]. It is sent with step=keep; the server answers {"said": "Draft saved at 10:32.", "version": 3}, or
// what it says and no version. Without scripts the form's own button saves it.
const STILL = 5000;
const AGAIN = 20000;

export function startKeepingDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
}

function keep(form) {
  const apart = form.dataset.draft.split(" ");
  const line = form.querySelector("[data-draft-said]");
  let waits = null;
  let running = null;
  let over = false;

  const say = (text) => {
    if (line.textContent !== text) line.textContent = text;
  };
  const later = (milliseconds) => {
    clearTimeout(waits);
    if (!over) waits = setTimeout(start, milliseconds);
  };

  function start() {
    waits = null;
    if (running) return later(STILL);
    running = send().finally(() => {
      running = null;
    });
    return running;
  }

  async function send() {
    const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    const body = new URLSearchParams(pairs);
    body.set("step", "keep");
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
    } catch {
      say("Not saved: there is no connection. It is tried again.");
      return later(AGAIN);
    }
    const found = await answer.json().catch(() => ({}));
    if (answer.ok && found.version) {
      form.elements.draft.value = found.version;
      // What a later meeting of two drafts compares with: the form as it was saved.
      form.elements.base.value = JSON.stringify(pairs.filter(([name]) => !apart.includes(name)));
    } else if (answer.status !== 422) {
      over = true;
    }
    say(found.said || "Not saved. Press Save draft: nothing you typed is lost.");
    return undefined;
  }

  form.addEventListener("input", () => later(STILL));
  // A draft on its way decides which version the form names: the button waits for it.
  form.addEventListener("submit", (event) => {
    clearTimeout(waits);
    if (!running) return;
    event.preventDefault();
    const button = event.submitter;
    running.finally(() => form.requestSubmit(button));
  });
}
