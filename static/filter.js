/* Shows a field that narrows a list of shelves or of rows as somebody types. Without script everything stands there. */
for (const field of document.querySelectorAll("[data-filter]")) {
  const list = field.dataset.filter;
  const items = [...document.querySelectorAll(list + " > .shelf, " + list + " > tbody > tr")];
  const input = field.querySelector("input");
  const none = field.querySelector("[data-none]");
  if (items.length < 8 || !input) continue;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  // What a row offers to do is nothing to find it by.
  const told = (item) => item.matches("tr") ? [...item.querySelectorAll("td:not(.end)")] : [item.querySelector("summary")];
  const names = items.map((item) => fold(told(item).map((part) => part.textContent).join(" ")));
  input.addEventListener("input", () => {
    const wanted = fold(input.value.trim());
    items.forEach((item, at) => { item.hidden = !names[at].includes(wanted); });
    if (none) none.hidden = names.some((name) => name.includes(wanted));
  });
  // Enter in a search is no wish to send the form.
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  field.hidden = false;
}
