// Narrows a list while someone types: <input data-filters="#list">. An entry is kept when every word typed occurs in
// its text (or in data-words), whatever the case and the accents. The entries are the list's children, or whatever in it
// has data-entry; a [data-group] without an entry left is hidden. Without scripts the whole list stands there.

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Hide the entries of `list` that don't hold every word of `query`; returns how many are left. */
export function narrow(list, query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  let shown = 0;
  const marked = list.querySelectorAll("[data-entry]");
  for (const entry of marked.length > 0 ? marked : list.children) {
    if (entry.hasAttribute("data-filter-empty")) continue;
    const text = fold(entry.dataset.words ?? entry.textContent);
    entry.hidden = !words.every((word) => text.includes(word));
    if (!entry.hidden) shown += 1;
  }
  for (const group of list.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-entry]:not([hidden])");
  }
  for (const empty of list.querySelectorAll("[data-filter-empty]")) empty.hidden = shown > 0;
  return shown;
}

/** Say the number left to those who can't see the list shrink. */
function announce(selector, shown) {
  for (const place of document.querySelectorAll("[data-filter-count]")) {
    if (place.dataset.filterCount !== selector) continue;
    place.textContent = shown === 1 ? place.dataset.one : place.dataset.many.replace("{n}", String(shown));
  }
}

/** Listen for typing anywhere below `root`. */
export function startSearch(root) {
  root.addEventListener("input", (event) => {
    const selector = event.target.dataset?.filters;
    const list = selector && document.querySelector(selector);
    if (list) announce(selector, narrow(list, event.target.value));
  });
  root.addEventListener("keydown", (event) => {
    // Enter would send the form around the box and lose the place in the list
    if (event.key === "Enter" && event.target.dataset?.filters) event.preventDefault();
  });
}
