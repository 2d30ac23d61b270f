// Registers what makes pages quicker or safer to use. Every page works without any of it.
import { startConfirm } from "./confirm.js";
import { startCopy } from "./copy.js";
import { startDoers } from "./doers.js";
import { startNet } from "./net.js";
import { startPolling } from "./polling.js";
import { startRanges } from "./ranges.js";
import { startSearch } from "./search.js";

startConfirm(document);
startDoers(document);
startNet(document);
startRanges(document);
startSearch(document);

/** Start what is bound to elements; again for each fragment that htmx brings in. */
function startWithin(root) {
  startCopy(root);
  startPolling(root);
}

startWithin(document);
document.addEventListener("htmx:load", (event) => startWithin(event.target));

// a row of tabs wider than the phone starts at the tab the person is on
document.querySelector(".desk-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
