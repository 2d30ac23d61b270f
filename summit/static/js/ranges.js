// A range input whose steps have names says the name, not the number, to those who listen, and shows it among its names.

/** Say the name of the step a range stands at. */
function say(range) {
  const names = [...(range.list?.options ?? [])];
  const at = names.findIndex((name) => name.value === range.value);
  if (at < 0) return;
  range.setAttribute("aria-valuetext", names[at].label);
  const shown = range.parentElement.querySelectorAll(".steps li");
  shown.forEach((item, place) => item.classList.toggle("now", place === at));
}

/** Start every range below `root` whose steps have names. */
export function startRanges(root) {
  for (const range of root.querySelectorAll("[data-says-its-step]")) {
    say(range);
    range.addEventListener("input", () => say(range));
  }
}
