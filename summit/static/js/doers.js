// Choosing a suggested next step also chooses who would do it: data-doers maps the suggestion to "me", "other", "both".
// Words of one's own take the place of a suggestion. Without scripts both are chosen by hand, and mean the same.

/** Follow the choices in every form below `root` that suggests next steps. */
export function startDoers(root) {
  root.addEventListener("change", (event) => {
    const fields = event.target.closest?.("[data-doers]");
    if (!fields || event.target.name !== "idea") return;
    const doer = JSON.parse(fields.dataset.doers)[event.target.value];
    const choice = doer && fields.querySelector(`[name=who][value="${doer}"]`);
    if (choice) choice.checked = true;
    fields.querySelector("[name=what]").value = "";
  });
  root.addEventListener("input", (event) => {
    const fields = event.target.closest?.("[data-doers]");
    if (!fields || event.target.name !== "what" || !event.target.value) return;
    for (const idea of fields.querySelectorAll("[name=idea]")) idea.checked = false;
  });
}
