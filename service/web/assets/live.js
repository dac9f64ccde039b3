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
  window.addEventListener("pagehide", () => source.close());
}
