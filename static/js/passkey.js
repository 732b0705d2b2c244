/* Passkeys and security keys: what allauth's own script leaves out. Its buttons are [data-passkey], hidden where the
   browser has none; where it fails or is refused by the person, [data-passkey-failed] says so. */

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
  for (const words of document.querySelectorAll("[data-passkey-missing]")) words.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const words of document.querySelectorAll("[data-passkey-failed]")) words.hidden = false;
});
