/* While a patient types a question: answered ones like it and the specialty it may belong to, both from the server.
   The focus stays where it is, the specialty is set by a press alone, and what was found is said once.
   Without this the button "See whether this has been answered" shows the same. */

const PAUSE = 600; // milliseconds without a key

const answers = document.querySelector("#similar-answers");

if (answers) {
  const status = document.querySelector("#similar-status");
  const difference = document.querySelector("#difference");
  const fields = answers.closest("form").elements;
  const typed = [fields.headline, fields.text, fields.specialty];
  let timer;
  let request;
  let shown;
  let later;

  // Hidden it would still be what Enter presses.
  document.querySelector("#look").remove();

  function show(html) {
    later = undefined;
    if (html === shown) return;
    if (answers.contains(document.activeElement)) {
      later = html; // a button that is about to be pressed does not go away
      return;
    }
    shown = html;
    const focused = document.activeElement;
    answers.innerHTML = html;
    const list = answers.querySelector("[data-seen]");
    const found = answers.querySelector("h2")?.textContent ?? "";
    if (status.textContent !== found) status.textContent = found;
    fields.similar_seen.value = list?.dataset.seen ?? "";
    difference.hidden = !list && !fields.different_because.value;
    // What comes in above it must not push it out of sight, nor stop the browser on its way there.
    if (focused.matches(":focus-visible")) focused.scrollIntoView({ block: "nearest" });
  }

  async function look() {
    request = new AbortController();
    const form = new FormData();
    for (const field of typed) form.set(field.name, field.value);
    try {
      const answer = await fetch(answers.dataset.url, {
        method: "POST",
        body: form,
        headers: { "X-CSRFToken": fields.csrfmiddlewaretoken.value },
        signal: request.signal,
      });
      if (answer.ok) show(await answer.text());
    } catch {
      // Typed on meanwhile, or no connection: what is shown may stay.
    }
  }

  function lookSoon() {
    clearTimeout(timer);
    request?.abort();
    timer = setTimeout(look, PAUSE);
  }

  for (const field of typed) field.addEventListener(field === fields.specialty ? "change" : "input", lookSoon);

  answers.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-specialty]");
    if (!button) return;
    fields.specialty.value = button.dataset.specialty;
    fields.specialty.dispatchEvent(new Event("input", { bubbles: true })); // keep.js listens
    for (const other of answers.querySelectorAll("[data-specialty]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });

  answers.addEventListener("focusout", ({ relatedTarget }) => {
    if (later !== undefined && !answers.contains(relatedTarget)) setTimeout(() => show(later));
  });

  if (fields.headline.value || fields.text.value) look();
}
