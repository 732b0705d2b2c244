/* Personal data while it is typed: what the server finds is shown beside the field, and one press replaces it there; the
   browser's own undo takes that back. Without this the server shows the same once the form is sent.
     [data-check-url]      where to ask about the fields named in [data-check-fields] of the form around it; the answer
                           is what stands in it
     [data-check-said]     beside it: says its heading to those who do not see it
     [data-replace]        a button: in this field, [data-found] becomes [data-instead]; [data-band] is an age's ten years */

const PAUSE = 700; // milliseconds without a key

function watch(place) {
  const form = place.closest("form");
  const fields = place.dataset.checkFields.split(" ").map((name) => form.elements[name]).filter(Boolean);
  const said = place.parentElement.querySelector("[data-check-said]");
  let timer;
  let request;

  function show(html) {
    const focused = document.activeElement;
    if (place.contains(focused)) return; // what is about to be pressed does not go away
    // The form says what was shown, so that it is not shown again when it is sent.
    place.innerHTML = html;
    const found = place.querySelector("[data-shown]");
    const shown = form.elements.personal_shown;
    if (shown && found) shown.value = [shown.value, found.dataset.shown].filter(Boolean).join(",");
    const heading = place.querySelector(".personal")?.firstElementChild.textContent ?? "";
    if (said.textContent !== heading) said.textContent = heading;
    if (focused.matches(":focus-visible")) focused.scrollIntoView({ block: "nearest" });
  }

  async function check() {
    request = new AbortController();
    const body = new FormData();
    for (const field of fields) body.set(field.name, field.value);
    try {
      const answer = await fetch(place.dataset.checkUrl, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        signal: request.signal,
      });
      if (answer.ok) show(await answer.text());
    } catch {
      // Typed on meanwhile, or no connection: what is shown may stay.
    }
  }

  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      request?.abort();
      timer = setTimeout(check, PAUSE);
    });
  }
}

function replace(button) {
  const { replace: name, found, instead, band } = button.dataset;
  const { elements } = button.closest("form");
  const field = elements[name];
  const start = field.value.indexOf(found);
  if (start < 0) return;
  field.focus();
  field.setSelectionRange(start, start + found.length);
  // Old, but the one way that undo knows of.
  if (!document.execCommand("insertText", false, instead)) {
    field.setRangeText(instead, start, start + found.length, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (band && elements.age_band && !elements.age_band.value) {
    elements.age_band.value = band;
    elements.age_band.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const list = button.closest("ul");
  button.closest("li").remove();
  const box = list.closest(".personal");
  if (box && !box.querySelector("li")) box.remove();
}

for (const place of document.querySelectorAll("[data-check-url]")) watch(place);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-replace]");
  if (button) replace(button);
});
