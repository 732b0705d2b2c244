/* What a browser can do beyond plain links and forms, on any page. Each control is `hidden` in the HTML and shown
   only where it works:
     [data-copy-link]  copies its value, or the page's address when empty; [data-copied] is the word shown afterwards
     [data-share]      opens the device's own share sheet for its value, or the page's address when empty
     [data-print]      prints the page
   A form sent back with errors gets the focus on its summary. */

const pageAddress = () => document.querySelector('link[rel="canonical"]')?.href ?? location.href.split("#")[0];

const offer = (selector, supported, act) => {
  if (!supported) return;
  for (const button of document.querySelectorAll(selector)) {
    button.hidden = false;
    button.closest("li")?.removeAttribute("hidden");
    button.addEventListener("click", () => act(button));
  }
};

const copyLink = async (button) => {
  await navigator.clipboard.writeText(button.dataset.copyLink || pageAddress());
  button.setAttribute("aria-live", "polite");
  button.dataset.label ??= button.textContent;
  button.textContent = button.dataset.copied ?? `${button.dataset.label} ✓`;
  setTimeout(() => { button.textContent = button.dataset.label; }, 3000);
};

const share = (button) => navigator
  .share({ title: document.title, url: button.dataset.share || pageAddress() })
  .catch(() => {}); // the reader closed the sheet

offer("[data-copy-link]", navigator.clipboard, copyLink);
offer("[data-share]", navigator.share, share);
offer("[data-print]", window.print, () => window.print());

document.querySelector(".error-summary")?.focus();
