/* The doctor's desk by keyboard, and a queue that stays new. Everything here is also a link or a button.
   Keys: j k move, o opens (Enter on a link does so by itself), c claims, n goes to the next free question, / searches,
   ? shows the list. None works while typing, with a modifier, or once they are turned off in the list.
     #queue[data-next-url]   what is read anew every minute from the page's own address; it keeps focus and place
     [data-shortcuts]        a button that shows the list: shown only where this runs */

const EVERY = 60_000; // milliseconds
const OFF = "shortcuts-off";

const queue = document.querySelector("#queue");
const list = document.querySelector("#shortcuts");
const rows = () => [...document.querySelectorAll(".queue__row")];
const rowOf = (element) => element?.closest(".queue__row");
const linkOf = (row) => row?.querySelector(".queue__title");

// ---------------------------------------------------------------- keys

function move(step) {
  const all = rows();
  const here = all.indexOf(rowOf(document.activeElement));
  const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1);
  linkOf(all[next])?.focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => linkOf(rowOf(document.activeElement))?.click(),
  c: () => (queue ? rowOf(document.activeElement) : document.querySelector("#claim"))?.querySelector("[value=claim]")?.click(),
  n: () => location.assign(queue?.dataset.nextUrl ?? document.querySelector("[data-next]").href),
  "/": () => (document.querySelector("#queue-q") ?? document.querySelector("#site-q")).focus(),
  "?": () => list.showModal(),
};

const typing = ({ target }) => target.matches("input, textarea, select, [contenteditable]");

function pressed(event) {
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (typing(event) || list.open || localStorage.getItem(OFF)) return;
  event.preventDefault();
  act();
}

if (list) {
  document.addEventListener("keydown", pressed);
  const box = list.querySelector("#shortcuts-on");
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  for (const button of document.querySelectorAll("[data-shortcuts]")) {
    button.hidden = false;
    button.addEventListener("click", () => list.showModal());
  }
}

// ---------------------------------------------------------------- the queue, every minute

let timer;

function later() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, EVERY);
}

async function refresh() {
  try {
    const answer = await fetch(location.href);
    if (answer.redirected) return; // signed out meanwhile: what is shown may stay, and no more is asked for
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#queue");
    if (answer.ok && fresh) replace(fresh);
  } catch {
    // No connection: the next minute may have one.
  }
  later();
}

function replace(fresh) {
  const focused = queue.contains(document.activeElement) ? document.activeElement : null;
  const row = rowOf(focused) ?? rows().find((each) => each.getBoundingClientRect().bottom > 0);
  const [at, number] = [row?.getBoundingClientRect().top, rows().indexOf(row)];
  const address = linkOf(row)?.href;
  queue.replaceChildren(...fresh.childNodes);
  queue.querySelector("[data-refreshed]").hidden = false;
  const all = rows();
  const same = all[number] && linkOf(all[number]).href === address ? all[number] : all.find((each) => linkOf(each).href === address);
  const now = same ?? all[Math.min(number, all.length - 1)];
  if (same) scrollBy(0, same.getBoundingClientRect().top - at);
  if (!focused || !now) return;
  const button = focused.matches("button") && now.querySelector("button");
  (button || linkOf(now)).focus({ preventScroll: true });
}

if (queue) {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
  later();
}
