// Says "offline" in the header while the phone has no network, and nothing while it has.

/** Keep every [data-net] below `root` in step with the browser's idea of the network. */
export function startNet(root) {
  const marks = root.querySelectorAll("[data-net]");
  const show = () => {
    for (const mark of marks) {
      mark.classList.toggle("off", !navigator.onLine);
      mark.textContent = navigator.onLine ? "" : mark.dataset.offline;
    }
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
