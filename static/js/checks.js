/* While a patient types a question: what the server finds in the words, at the top of the window and out of the way of
   what is typed. A red flag is said aloud once, and stays away once it was read, until another comes up.
     #checks[data-url]   where the words go and the findings come up
     #checks-said        the words for those who listen */

const PAUSE = 600; // milliseconds without a key
const WORDS = ["headline", "text", "different_because", "duration", "conditions", "medication"];

const checks = document.querySelector("#checks");
const form = document.querySelector(".ask-form");

if (checks && form) {
  const said = document.querySelector("#checks-said");
  const fields = WORDS.map((name) => form.elements[name]);
  const told = new Set();
  const read = new Set();
  let timer;
  let request;

  function show(html) {
    const fresh = document.createRange().createContextualFragment(html);
    const alarm = fresh.querySelector("[data-codes]");
    const codes = alarm?.dataset.codes.trim().split(" ") ?? [];
    if (alarm && codes.every((code) => read.has(code))) alarm.remove();
    if (checks.contains(document.activeElement)) return; // somebody is about to call, or to press
    if (checks.innerHTML.trim() === html.trim()) return;
    const typing = document.activeElement;
    const before = typing.getBoundingClientRect().top;
    checks.replaceChildren(fresh);
    scrollBy(0, typing.getBoundingClientRect().top - before); // what is typed stays where it is
    if (codes.some((code) => !told.has(code))) {
      said.textContent = ["h2", ".red-flags__why", ".red-flags__call"]
        .map((part) => checks.querySelector(part)?.textContent.trim()).filter(Boolean).join(" ");
    }
    codes.forEach((code) => told.add(code));
  }

  async function check() {
    request = new AbortController();
    const typed = new FormData();
    for (const field of fields) typed.set(field.name, field.value);
    try {
      const answer = await fetch(checks.dataset.url, {
        method: "POST",
        body: typed,
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        signal: request.signal,
      });
      if (answer.ok) show(await answer.text());
    } catch {
      // Typed on meanwhile, or no connection: the server reads it again when it is sent.
    }
  }

  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      request?.abort();
      timer = setTimeout(check, PAUSE);
    });
  }

  checks.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-read]")) return;
    for (const code of checks.querySelector("[data-codes]").dataset.codes.trim().split(" ")) read.add(code);
    checks.replaceChildren();
    form.elements.text.focus();
  });

  if (fields.some((field) => field.value)) check();
}
