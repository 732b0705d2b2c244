/* Tools above a textarea in Markdown: headings, items, bold, links. Pressed again, a heading, an item or bold is taken
   back. One tab stop: arrow keys, Home and End move between the tools. Without this the marks are typed.
     [data-markdown-tools]  the tools, hidden in the HTML; its value is the id of the textarea
     [data-mark]            a button, named after what it makes */

const PREFIX = /^(#{1,6} |\d+\. |[-*+] )/;
const HAS = { heading: /^## /, subheading: /^### /, numbered: /^\d+\. /, bullet: /^[-*+] / };

// Typed, as it were: the browser's own undo takes it back.
function replace(area, start, end, words) {
  area.focus();
  area.setSelectionRange(start, end);
  const typed = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
  if (typed) return;
  area.setRangeText(words, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

// The number of an item that follows the line that ends at `end`.
function numberAfter(value, end) {
  const before = value.slice(0, Math.max(end, 0)).split("\n").reverse().find((line) => line.trim());
  const found = before?.match(/^(\d+)\. /);
  return found ? Number(found[1]) + 1 : 1;
}

function prefixOf(mark, number) {
  return { heading: "## ", subheading: "### ", bullet: "- ", numbered: `${number}. ` }[mark];
}

// Every line of the selection gets the mark instead of the one it has; where all have it already, all lose it.
function markLines(area, mark) {
  const { value, selectionStart, selectionEnd } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", selectionEnd);
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end).split("\n");
  const taken = lines.filter((line) => line.trim() || lines.length === 1);
  const has = taken.every((line) => HAS[mark].test(line));
  let number = mark === "numbered" && !has ? numberAfter(value, start - 1) : 1;
  const marked = lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    const bare = line.replace(PREFIX, "");
    return has ? bare : prefixOf(mark, number++) + bare;
  });
  const words = marked.join("\n");
  replace(area, start, end, words);
  if (lines.length > 1) area.setSelectionRange(start, start + words.length);
}

function makeBold(area) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const chosen = value.slice(start, end);
  const words = chosen.trim();
  const left = start + chosen.indexOf(words);
  const right = left + words.length;
  if (words && value.slice(left - 2, left) === "**" && value.slice(right, right + 2) === "**") {
    replace(area, left - 2, right + 2, words);
    area.setSelectionRange(left - 2, right - 2);
    return;
  }
  replace(area, left, right, `**${words}**`);
  area.setSelectionRange(left + 2, right + 2);
}

// What is chosen becomes the words of the link, or its address where it is one; what is missing is chosen then.
function makeLink(area, standIn) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const chosen = value.slice(start, end).trim();
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  const words = isAddress || !chosen ? standIn : chosen;
  const address = isAddress ? chosen : "https://";
  replace(area, start, end, `[${words}](${address})`);
  const at = isAddress || !chosen ? start + 1 : start + words.length + 3;
  area.setSelectionRange(at, at + (isAddress || !chosen ? words : address).length);
}

for (const tools of document.querySelectorAll("[data-markdown-tools]")) {
  const area = document.getElementById(tools.dataset.markdownTools);
  const buttons = [...tools.querySelectorAll("[data-mark]")];
  area.before(tools);
  tools.hidden = false;

  const stopAt = (button) => { for (const each of buttons) each.tabIndex = each === button ? 0 : -1; };
  stopAt(buttons[0]);

  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-mark]");
    if (!button) return;
    stopAt(button);
    const { mark } = button.dataset;
    if (mark === "bold") makeBold(area);
    else if (mark === "link") makeLink(area, tools.dataset.linkWords);
    else markLines(area, mark);
  });

  tools.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || here < 0) return;
    event.preventDefault();
    const button = buttons.at(to % buttons.length);
    stopAt(button);
    button.focus();
  });
}
