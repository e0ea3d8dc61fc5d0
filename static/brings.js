/* What picked permissions bring is ticked and locked while somebody picks. Without this script it says what it comes with, and the server
   keeps only what was picked by itself. */
for (const set of document.querySelectorAll("fieldset[data-with]")) {
  const boxes = [...set.querySelectorAll("input[type=checkbox]")];
  const own = new Set(boxes.filter((box) => box.checked && box.dataset.brought !== "").map((box) => box.value));
  const refresh = () => {
    set.querySelectorAll("input[type=hidden]").forEach((field) => field.remove());
    for (const box of boxes) {
      const by = boxes.filter((other) => other !== box && own.has(other.value) && other.dataset.brings.split(" ").includes(box.value));
      const note = box.parentElement.querySelector(".with");
      box.disabled = by.length > 0;
      box.checked = box.disabled || own.has(box.value);
      note.hidden = !box.disabled;
      note.textContent = box.disabled ? set.dataset.with.replace("%", by.map((other) => other.value).join(", ")) : "";
      // A locked box is not sent; what was picked by itself as well stays so.
      if (box.disabled && own.has(box.value)) {
        const kept = document.createElement("input");
        kept.type = "hidden";
        kept.name = box.name;
        kept.value = box.value;
        set.append(kept);
      }
    }
  };
  set.addEventListener("change", ({ target }) => {
    if (target.checked) own.add(target.value); else own.delete(target.value);
    refresh();
  });
  refresh();
}
