// Keeps the place while taps are saved: the list stays where the thumb is, the filter stays in force, and a tap that
// could not be saved is said so. Without scripts each tap is a form that leads back to the same challenge.
import { narrow } from "./search.js";

const SHOWN_FOR = 10000;
const toast = document.getElementById("toast");
let tapped = null;
let hiding = 0;

/** Remember where the tapped button stands, since what is stated grows above it. */
function remember(event) {
  const element = event.detail.elt;
  tapped = element.id ? { id: element.id, top: element.getBoundingClientRect().top } : null;
}

/** Scroll by as much as the tapped button has moved. */
function keepPlace() {
  const element = tapped && document.getElementById(tapped.id);
  if (element) window.scrollBy({ top: element.getBoundingClientRect().top - tapped.top, behavior: "instant" });
  tapped = null;
}

/** Narrow the list again: a line that was swapped in has forgotten the words typed. */
function narrowAgain() {
  for (const box of document.querySelectorAll("[data-filters]")) {
    const list = document.querySelector(box.dataset.filters);
    if (list && box.value) narrow(list, box.value);
  }
}

/** Let the notice go after a while, unless somebody is about to use it. */
function hideLater() {
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) hideLater();
    else toast.replaceChildren();
  }, SHOWN_FOR);
}

/** Show a sentence in the notice's place. */
function say(sentence) {
  const notice = document.createElement("p");
  notice.className = "notice due";
  notice.textContent = sentence;
  toast.replaceChildren(notice);
  hideLater();
}

/** Say what the server answered: its error page's first sentence. */
function sayRefusal(event) {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  say(page.querySelector("main p")?.textContent ?? toast.dataset.failed);
}

if (toast) {
  document.addEventListener("htmx:beforeRequest", remember);
  document.addEventListener("htmx:afterSettle", () => {
    narrowAgain();
    keepPlace();
    hideLater();
  });
  document.addEventListener("htmx:responseError", sayRefusal);
  document.addEventListener("htmx:sendError", () => say(toast.dataset.failed));
  hideLater();
}
