/* A machine's draft while it is written: asked for every second until it is ready, failed or cancelled. Its state is
   said once each, the words are not. Without this the button "Look again" shows how far it is.
     #machine-draft[data-url]   where to ask; the answer is what stands in it
     [data-live]                it is not finished, [data-said] what its state is in words */

const EVERY = 1000; // milliseconds
const AFTER_FAILURE = 5000;

const place = document.querySelector("#machine-draft");
const said = document.querySelector("#machine-draft-said");

const stateOf = (root) => root.querySelector("[data-said]")?.textContent ?? "";
const textOf = (root) => root.querySelector(".machine-draft__text");

function adopt() {
  place.querySelector("[data-look-again]")?.remove();
}

// Only the words grow while the state stays: the buttons, and the focus on one, are left alone.
function show(html) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  const [now, next] = [textOf(place), textOf(fresh)];
  if (stateOf(fresh) === stateOf(place) && Boolean(now) === Boolean(next)) {
    if (!next || now.textContent === next.textContent) return;
    const atEnd = now.scrollTop + now.clientHeight > now.scrollHeight - 8;
    now.textContent = next.textContent;
    if (atEnd) now.scrollTop = now.scrollHeight;
    return;
  }
  const hadFocus = place.contains(document.activeElement);
  if (stateOf(fresh) !== stateOf(place)) said.textContent = stateOf(fresh);
  place.replaceChildren(...fresh.childNodes);
  adopt();
  if (hadFocus) place.querySelector("button")?.focus();
}

async function look() {
  let pause = EVERY;
  try {
    const answer = await fetch(place.dataset.url);
    if (answer.redirected) return; // signed out: what is shown may stay
    if (answer.ok) show(await answer.text());
    else pause = AFTER_FAILURE;
  } catch {
    pause = AFTER_FAILURE;
  }
  later(pause);
}

function later(pause) {
  if (place.querySelector("[data-live]")) setTimeout(look, pause);
}

if (place) {
  adopt();
  later(EVERY);
}
