/* What helps to write a reply: outline and saved replies go in at the cursor, and the checklist of what the patient asks
   always ends with an empty line. Without this the outline is text to copy, the button "Insert" appends the saved reply,
   and "Save draft" brings the empty line. */

const reply = document.querySelector("#work-form textarea[name=text]");
const rows = document.querySelector(".checklist__rows");

function insert(words) {
  const { value, selectionStart: start, selectionEnd: end } = reply;
  const before = value.slice(0, start).trimEnd();
  const after = value.slice(end).trimStart();
  const inserted = `${before && "\n\n"}${words}${after && "\n\n"}`;
  reply.setRangeText(inserted, before.length, value.length - after.length, "end");
  reply.focus();
  reply.dispatchEvent(new Event("input", { bubbles: true }));
}

if (reply) {
  let visited = false;
  reply.addEventListener("focus", () => { visited = true; });
  const end = () => { if (!visited) reply.setSelectionRange(reply.value.length, reply.value.length); };

  const outline = document.querySelector("[data-insert=outline]");
  outline.hidden = false;
  outline.addEventListener("click", () => {
    end();
    insert(document.querySelector("#outline").textContent);
  });
  document.querySelector("[data-insert=saved-reply]")?.addEventListener("click", (press) => {
    press.preventDefault();
    end();
    insert(document.querySelector("#saved-reply").selectedOptions[0].dataset.text);
  });
}

rows?.addEventListener("input", () => {
  const last = rows.lastElementChild;
  if (!last.querySelector("input").value) return;
  const next = last.cloneNode(true);
  const [words, status] = [next.querySelector("input"), next.querySelector("select")];
  words.value = "";
  for (const field of [words, status]) {
    const number = rows.childElementCount;
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(String(number), String(number + 1)));
  }
  rows.append(next);
});
