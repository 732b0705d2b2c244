/* A question that a doctor opens is claimed: by a POST of its own, for looking at a page changes nothing. One that a
   colleague holds is asked for again when that claim ends. Without this the button "Claim" does the same.
     #claim[data-url]                   where to ask; the answer is what stands in it
     [data-claim="mine|held|free|over"] what the answer says, [data-until] when a colleague's claim ends */

const place = document.querySelector("#claim");
const A_SECOND = 1000;

async function claim() {
  const token = place.querySelector("[name=csrfmiddlewaretoken]") ?? document.querySelector("#work-form [name=csrfmiddlewaretoken]");
  let answer;
  try {
    answer = await fetch(place.dataset.url, { method: "POST", headers: { "X-CSRFToken": token.value } });
  } catch {
    return; // no connection: the button is still there
  }
  if (answer.ok && !answer.redirected) show(await answer.text());
}

function show(html) {
  const hadFocus = place.contains(document.activeElement);
  place.innerHTML = html;
  if (hadFocus) place.querySelector("button")?.focus();
  const now = place.querySelector("[data-claim]");
  place.closest(".work__editor").toggleAttribute("data-held", now.dataset.claim === "held");
  if (now.dataset.claim === "held") setTimeout(claim, Math.max(new Date(now.dataset.until) - Date.now(), 0) + A_SECOND);
}

if (place && !document.hidden) claim();
else if (place) document.addEventListener("visibilitychange", claim, { once: true });
