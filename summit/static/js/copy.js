// Shows and wires buttons that copy a text: data-copy-from="#element" or data-copy="text".

/** The text a button copies. */
function textOf(button) {
  if (button.dataset.copy) return button.dataset.copy;
  const source = document.querySelector(button.dataset.copyFrom);
  return source ? (source.value ?? source.textContent).trim() : "";
}

/** Show the copy buttons below `root`, where the browser lets pages write to the clipboard. */
export function startCopy(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy-from], [data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(textOf(button));
      const label = button.querySelector("span") ?? button;
      const before = label.textContent;
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = before; }, 2000);
    });
  }
}
