// Fetches a part of the page again while something is going on: <div id="run" data-poll-url="/…" data-poll-seconds="3">.
// The answer may be the part or the whole page; the element with the same id takes its place. It goes on while the new
// part has data-poll-url, and rests while the page is hidden. Without scripts a link to reload does the same.

const watched = new WeakSet();

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });

const untilVisible = () => new Promise((resolve) => {
  if (!document.hidden) resolve();
  else document.addEventListener("visibilitychange", () => resolve(untilVisible()), { once: true });
});

/** The new state of `part`; null when the server doesn't answer, undefined when it has nothing more to say. */
async function fetchPart(part) {
  try {
    const answer = await fetch(part.dataset.pollUrl, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.status >= 500 || answer.status === 429) return null;
    if (!answer.ok || answer.redirected) return undefined;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById(part.id) ?? undefined;
  } catch {
    return null;
  }
}

/** Watch one part until it is finished or gone. */
async function watch(part) {
  let wait = Number(part.dataset.pollSeconds) || 3;
  while (part?.isConnected && part.dataset.pollUrl) {
    await pause(wait);
    await untilVisible();
    const next = await fetchPart(part);
    if (next === undefined) return;
    if (next === null) {
      wait = Math.min(wait * 2, 60);
      continue;
    }
    wait = Number(next.dataset.pollSeconds) || 3;
    watched.add(next);
    part.replaceWith(document.adoptNode(next));
    part = next;
  }
}

/** Start watching every part below `root` that says so. */
export function startPolling(root) {
  for (const part of root.querySelectorAll("[data-poll-url][id]")) {
    if (watched.has(part)) continue;
    watched.add(part);
    watch(part);
  }
}
