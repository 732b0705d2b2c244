// Keeps what was typed through a reload, in this tab only; it is gone with the tab, and once the form was taken.
const KEPT = ["INPUT", "TEXTAREA", "SELECT"];

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => KEPT.includes(field.tagName) && field.name && field.type !== "hidden" && field.name !== "website"
  );
}

function valueOf(field) {
  return field.type === "checkbox" ? field.checked : field.value;
}

function keep(form) {
  const typed = Object.fromEntries(fieldsOf(form).map((field) => [field.name, valueOf(field)]));
  sessionStorage.setItem(form.dataset.keep, JSON.stringify(typed));
}

function restore(form) {
  const typed = JSON.parse(sessionStorage.getItem(form.dataset.keep) || "{}");
  for (const field of fieldsOf(form)) {
    if (!(field.name in typed)) continue;
    if (field.type === "checkbox") field.checked = typed[field.name];
    else if (typed[field.name]) field.value = typed[field.name];
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  // What the server sends back with errors is the newest there is.
  if (!document.querySelector(".error-summary")) restore(form);
  form.addEventListener("input", () => keep(form));
}

if (document.querySelector(".status-steps")) {
  sessionStorage.removeItem("ask");
  if (!document.querySelector(".error-summary")) sessionStorage.removeItem("follow-up");
}
