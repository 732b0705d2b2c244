/* Keeps what was typed into a form through a reload or a look at another page: in this tab only, gone with the tab, and
   once the form was taken.
     form[data-keep]             the name it is kept under
     form[data-keep-done]        once it was taken, what is kept under this name is no longer needed
     form[data-keep-unchanged]   is filled in only where the server still gives what it gave then (a draft may be newer)
   Consent, signature and what becomes public are never filled in: they are given each time. Nor are rows of one name
   (the checklist of a draft), which the server keeps, nor files, which no script may choose. A form that saves itself
   says "draft-saved" when the server has what was typed. */

const GIVEN_EACH_TIME = [
  "consent", "signed", "public_images", "keep_personal", "personal_meant", "website", "saved_reply", "start_from", "sub_question", "sub_status",
];
const SUBMITTED = "submitted";

const fieldsOf = (form) => [...form.elements].filter(
  (field) => field.matches("input:not([type=hidden], [type=file]), textarea, select") && field.name
    && !GIVEN_EACH_TIME.includes(field.name),
);

const givenOf = (field) => field.defaultValue ?? [...field.options].find((option) => option.defaultSelected)?.value ?? "";

const keep = (form) => {
  const typed = Object.fromEntries(fieldsOf(form).map((field) => [field.name, [field.value, givenOf(field)]]));
  sessionStorage.setItem(form.dataset.keep, JSON.stringify(typed));
};

const restore = (form) => {
  const kept = JSON.parse(sessionStorage.getItem(form.dataset.keep) || "{}");
  for (const field of fieldsOf(form)) {
    const [typed, given] = kept[field.name] ?? ["", ""];
    const mayFill = !("keepUnchanged" in form.dataset) || given.trim() === givenOf(field).trim();
    if (typed && mayFill) field.value = typed;
  }
};

const refused = document.querySelector(".error-summary");
const taken = document.querySelector(".status-steps, .notice--success");
if (taken && !refused && sessionStorage.getItem(SUBMITTED)) {
  sessionStorage.removeItem(sessionStorage.getItem(SUBMITTED));
}
sessionStorage.removeItem(SUBMITTED);

for (const form of document.querySelectorAll("form[data-keep]")) {
  if (!refused) restore(form); // what the server sends back with errors is the newest there is
  form.addEventListener("input", () => keep(form));
  form.addEventListener("draft-saved", () => keep(form));
}

for (const form of document.querySelectorAll("form[data-keep], form[data-keep-done]")) {
  form.addEventListener("submit", () => sessionStorage.setItem(SUBMITTED, form.dataset.keep ?? form.dataset.keepDone));
}
