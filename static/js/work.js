// Live preview of the More Info while a doctor types. Without it the button "Save and preview" does the same.
const source = document.querySelector("#work-form [name=more_info]");
const preview = document.querySelector("#preview");

if (source && preview) {
  const body = preview.querySelector("#preview-body");
  const token = document.querySelector("#work-form [name=csrfmiddlewaretoken]").value;
  let timer;
  let request;

  async function show() {
    request?.abort();
    request = new AbortController();
    const form = new FormData();
    form.set("more_info", source.value);
    try {
      const answer = await fetch(preview.dataset.previewUrl, {
        method: "POST", body: form, headers: { "X-CSRFToken": token }, signal: request.signal,
      });
      if (!answer.ok) return;
      body.innerHTML = await answer.text();
      preview.hidden = !source.value.trim();
    } catch (error) {
      if (error.name !== "AbortError") preview.hidden = true;
    }
  }

  source.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 400);
  });
  if (source.value.trim()) show();
}
