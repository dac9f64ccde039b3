// Fresh counts without a reload. An element with data-live="inbox" shows the count of that name; where the text is
// words rather than a number, the server sends the words.
export function startLiveCounts() {
  const shown = document.querySelectorAll("[data-live]");
  if (!shown.length || !("EventSource" in window)) return;
  const names = [...new Set([...shown].map((element) => element.dataset.live))];
  const source = new EventSource(`/live?names=${encodeURIComponent(names.join(","))}`);
  source.addEventListener("counts", (event) => {
    const counts = JSON.parse(event.data);
    for (const element of shown) {
      const fresh = counts[element.dataset.live];
      if (fresh !== undefined && element.textContent !== String(fresh)) element.textContent = String(fresh);
    }
  });
  // A broken connection is tried again by the browser itself; a refusal (signed out, no such role now) is final.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) sayStale();
  });
  window.addEventListener("pagehide", () => source.close());
}

// A count that stands still must not look like a quiet day.
function sayStale() {
  const at = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
  const note = document.createElement("div");
  note.className = "app-note";
  note.setAttribute("role", "alert");
  const line = document.createElement("p");
  line.className = "app-note__line";
  const again = document.createElement("a");
  again.href = window.location.href;
  again.className = "govuk-link";
  again.textContent = "Load the page again";
  line.append(`Counts on this page stopped refreshing at ${at}: you may have been signed out. `, again, ".");
  note.append(line);
  document.querySelector("main").before(note);
}
