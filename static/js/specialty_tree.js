/* The admins' tree of specialties: each can be dragged to its place by its grip. The buttons do the same without this. */

const tree = document.querySelector("#tree");
const form = document.querySelector("#place-form");
const MARKS = ["drop-before", "drop-after", "drop-inside"];

let dragged = null; // the row in the hand
let place = null; // where it would go: { parent, before }

const isTop = (row) => !("parent" in row.dataset);
const beside = (row) => [...row.parentElement.children].filter((each) => each !== dragged);

function clear() {
  for (const row of tree.querySelectorAll("li")) row.classList.remove(...MARKS);
  place = null;
}

/* In front of the row, behind it or under it, as the upper, lower and middle part of what is seen of it. */
function placeAt(row, y) {
  const box = row.querySelector(".tree__row").getBoundingClientRect();
  const part = (y - box.top) / box.height;
  const parent = row.dataset.parent ?? "";
  const takesIt = isTop(row) && !dragged.querySelector("ul");
  if (takesIt && part > 0.3 && part < 0.7) return { parent: row.dataset.specialty, before: "", mark: "drop-inside" };
  if (part < 0.5) return { parent, before: row.dataset.specialty, mark: "drop-before" };
  const rows = beside(row);
  return { parent, before: rows[rows.indexOf(row) + 1]?.dataset.specialty ?? "", mark: "drop-after" };
}

function over(event) {
  clear();
  const row = document.elementFromPoint(event.clientX, event.clientY)?.closest("#tree li");
  if (!row || dragged.contains(row)) return;
  place = placeAt(row, event.clientY);
  row.classList.add(place.mark);
}

function take(event) {
  if (event.button !== 0) return;
  event.preventDefault();
  dragged = event.currentTarget.closest("li");
  dragged.classList.add("is-dragged");
  document.documentElement.classList.add("is-dragging");
  event.currentTarget.setPointerCapture(event.pointerId);
  event.currentTarget.addEventListener("pointermove", over);
}

function letGo(event) {
  if (!dragged) return;
  event.currentTarget.removeEventListener("pointermove", over);
  const [row, to] = [dragged, place];
  row.classList.remove("is-dragged");
  document.documentElement.classList.remove("is-dragging");
  clear();
  dragged = null;
  if (event.type !== "pointerup" || !to) return;
  form.elements.specialty.value = row.dataset.specialty;
  form.elements.parent.value = to.parent;
  form.elements.before.value = to.before;
  form.submit();
}

if (tree && form) {
  for (const grip of tree.querySelectorAll(".tree__grip")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", take);
    grip.addEventListener("pointerup", letGo);
    grip.addEventListener("pointercancel", letGo);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !dragged) return;
    letGo({ type: "cancel", currentTarget: dragged.querySelector(".tree__grip") });
  });
}
