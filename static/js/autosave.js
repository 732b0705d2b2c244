/* Saves a doctor's draft while it is typed: two seconds after the last key, every five while typing goes on, and when
   the page is left or hidden. Other words are never overwritten: where the draft was changed in another window, both
   versions are shown and nothing more is saved until one was chosen. Without this the button "Save draft" saves.

   Each window has a name and counts what it sends, so that the server knows its own words, come late or twice, from
   those of another window. */

const IDLE = 2000; // milliseconds without a key
const LONGEST = 5000; // while typing goes on, and between two tries
const NO_WORDS = ["saved_reply", "start_from"]; // choices of what to insert
const MOST_KEPT_ALIVE = 60_000; // bytes: browsers send no more once the page is gone

const form = document.querySelector("#work-form[data-autosave-url]");

if (form) {
  const { version, window: name, window_count: count } = form.elements;
  const conflict = document.querySelector("#conflict");
  const notSaved = document.querySelector("#not-saved");
  const savedAt = document.querySelector("#draft-saved");
  const said = document.querySelector("#draft-said");
  const advice = document.querySelector("#advice");
  let changes = 0;
  let savedChanges = 0;
  let keptAlive = 0;
  let sent = 0;
  let began;
  let timer;
  let sending = false;
  let submitted = false;
  let stopped = conflict.childElementCount > 0;

  name.value = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
  count.value = 0;

  const typedIn = () => [...form.elements].filter((field) => field.matches("textarea, input:not([type=hidden], [type=checkbox])"));

  function changed() {
    submitted = false;
    changes += 1;
    plan(IDLE);
  }

  function plan(pause) {
    clearTimeout(timer);
    if (stopped || changes === savedChanges) return;
    began ??= Date.now();
    timer = setTimeout(save, Math.max(0, Math.min(pause, began + LONGEST - Date.now())));
  }

  function body() {
    sent += 1;
    count.value = sent;
    return new FormData(form);
  }

  async function save() {
    if (sending || submitted) return;
    sending = true;
    began = undefined;
    const these = changes;
    const given = new Map(typedIn().map((field) => [field, field.value]));
    let pause = IDLE;
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST", body: body(), redirect: "manual", signal: AbortSignal.timeout(LONGEST),
      });
      if (answer.ok) taken(await answer.json(), these, given);
      else pause = await refused(answer);
    } catch {
      pause = failed(notSaved.dataset.lost);
    }
    sending = false;
    plan(pause);
  }

  function taken(answer, these, given) {
    savedChanges = these;
    version.value = answer.version;
    for (const [field, value] of given) field.defaultValue = value; // what a reload would give
    form.dispatchEvent(new Event("draft-saved")); // keep.js listens
    if (!notSaved.hidden || !savedAt.textContent) said.textContent = answer.said;
    notSaved.hidden = true;
    savedAt.textContent = answer.said;
    if (advice.innerHTML !== answer.advice) advice.innerHTML = answer.advice;
  }

  async function refused(answer) {
    const told = answer.headers?.get("Content-Type") === "application/json" ? await answer.json() : {};
    if (answer.status === 409) stopped = true;
    if (told.conflict) conflict.innerHTML = told.conflict;
    return failed(told.said ?? notSaved.dataset.refused);
  }

  function failed(words) {
    savedAt.textContent = "";
    notSaved.hidden = false;
    if (notSaved.textContent !== words) said.textContent = notSaved.textContent = words;
    return LONGEST;
  }

  // The page may be gone before an answer comes: it is not waited for, and the next save makes sure.
  function saveOnLeaving() {
    if (stopped || submitted || changes === savedChanges || changes === keptAlive) return;
    const words = typedIn().map((field) => field.value).join("");
    if (new Blob([words]).size > MOST_KEPT_ALIVE) {
      save();
      return;
    }
    keptAlive = changes;
    fetch(form.dataset.autosaveUrl, { method: "POST", body: body(), redirect: "manual", keepalive: true }).catch(() => {});
  }

  document.addEventListener("input", ({ target }) => { if (target.form === form && !NO_WORDS.includes(target.name)) changed(); });
  form.addEventListener("submit", () => {
    submitted = true;
    clearTimeout(timer);
    body(); // whatever is still on its way is older than this
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") saveOnLeaving(); });
  addEventListener("pagehide", saveOnLeaving);
  addEventListener("pageshow", () => {
    submitted = false;
    plan(IDLE);
  });

  // Filled in by keep.js or the browser, or sent back with errors: newer than the draft.
  const filledIn = typedIn().some((field) => field.value !== field.defaultValue);
  if (filledIn || "unsaved" in form.dataset) {
    changes = 1;
    plan(0);
  }
}
