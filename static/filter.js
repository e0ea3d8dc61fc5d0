/* Shows a field that narrows a list of shelves as somebody types. Without script every shelf stands there. */
for (const field of document.querySelectorAll("[data-filter]")) {
  const shelves = [...document.querySelectorAll(field.dataset.filter + " > .shelf")];
  const input = field.querySelector("input");
  if (shelves.length < 8 || !input) continue;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const names = shelves.map((shelf) => fold(shelf.querySelector("summary").textContent));
  input.addEventListener("input", () => {
    const wanted = fold(input.value.trim());
    shelves.forEach((shelf, at) => { shelf.hidden = !names[at].includes(wanted); });
  });
  // Enter in a search is no wish to send the form.
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  field.hidden = false;
}
