// Asks before a button with data-confirm does its work. The question is the attribute; "yes" carries the button's
// own label. Without scripts the form is simply sent: nothing behind such a button may rely on the question.

/** Ask once; resolves to true when the person agreed. */
function ask(template, question, yesLabel) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  const yes = dialog.querySelector("[value=yes]");
  dialog.querySelector("h2").textContent = question;
  yes.textContent = yesLabel;
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("click", (event) => {
      if (event.target.value) dialog.close(event.target.value);
    });
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    dialog.showModal();
  });
}

/** Watch every form below `root` for buttons that want a question first. */
export function startConfirm(root) {
  const template = document.getElementById("confirm-template");
  if (!template) return;
  const agreed = new WeakSet();
  root.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || !button.dataset.confirm) return;
    if (agreed.delete(button)) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // otherwise htmx would send it meanwhile
    if (await ask(template, button.dataset.confirm, button.textContent.trim())) {
      agreed.add(button);
      button.form.requestSubmit(button);
    } else {
      button.focus();
    }
  }, true);
}
