/* The permission matrix: what a tick brings along is shown at once, arrow keys go from cell to cell, and a search narrows the rows.
   Without script the server shows what is brought along, after saving. */
const sheet = document.getElementById("sheet");
if (sheet) {
  const columns = [...sheet.querySelectorAll("thead [data-column]")].map((head) => ({ word: head.dataset.column, purpose: head.dataset.purpose }));
  const rows = [...sheet.querySelectorAll("tr[data-key]")];
  const cells = rows.map((row) => [...row.querySelectorAll("td")]);
  const at = new Map(rows.map((row, index) => [row.dataset.key, index]));
  const names = rows.map((row) => row.querySelector("b").textContent);
  const edges = rows.map((row) => row.dataset.implies.split(" ").filter(Boolean).map((text) => text.split("@")));
  const box = (row, column) => cells[row][column].querySelector("input");
  const editable = rows.length > 0 && document.getElementById("role-form") !== null;
  // A tick of one's own, as the form has it: what is locked is brought by another one.
  const own = cells.map((row) => row.map((cell) => { const input = cell.querySelector("input"); return !!input && input.checked && !input.disabled; }));

  const every = columns.findIndex((column) => column.word === "every_stage");
  // The columns that a tick in one column covers: all of them, a purpose's stages, or itself.
  const covers = (column) => columns.map((_, other) => other).filter((other) =>
    other === column || column === every || (!columns[column].word.startsWith("stage:") && columns[column].purpose === columns[other].purpose));
  const spread = () => {
    const brought = new Map();
    const open = [];
    own.forEach((row, index) => row.forEach((ticked, column) => { if (ticked) open.push([index, column, index]); }));
    const seen = new Set();
    while (open.length) {
      const [row, column, from] = open.pop();
      for (const other of covers(column)) {
        const key = row + ":" + other;
        if (seen.has(key)) continue;
        seen.add(key);
        if (!own[row][other]) brought.set(key, from);
        for (const [permission, where] of edges[row]) {
          const target = at.get(permission);
          if (target === undefined) continue;
          if (where === "every_stage") open.push([target, every, from]);
          else if (where === "same_stage" || (columns[other].purpose === where)) open.push([target, other, from]);
        }
      }
    }
    return brought;
  };
  const show = () => {
    const brought = spread();
    cells.forEach((row, index) => row.forEach((cell, column) => {
      const input = cell.querySelector("input");
      const from = brought.get(index + ":" + column);
      let note = cell.querySelector(".brought");
      if (input) {
        input.disabled = from !== undefined;
        input.checked = from !== undefined || own[index][column];
      }
      if (from === undefined || from === index) { note?.remove(); return; }
      if (!note) { note = document.createElement("small"); note.className = "brought"; cell.append(note); }
      note.textContent = input ? sheet.dataset.comesWith.replace("…", names[from]) : "✓";
      note.title = sheet.dataset.comesWith.replace("…", names[from]);
    }));
  };
  if (editable) {
    sheet.addEventListener("change", (event) => {
      const cell = event.target.closest("td");
      const row = cells.findIndex((of) => of.includes(cell));
      if (row < 0) return;
      own[row][cells[row].indexOf(cell)] = event.target.checked;
      show();
      event.target.focus();
    });
  }
  sheet.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    const cell = event.target.closest("td");
    const start = cells.findIndex((of) => of.includes(cell));
    if (!step || start < 0) return;
    event.preventDefault();
    const turn = document.dir === "rtl" ? -1 : 1;
    let [row, column] = [start + step[0], cells[start].indexOf(cell) + turn * step[1]];
    while (cells[row]?.[column]) {
      const input = box(row, column);
      if (input && !input.disabled && !rows[row].hidden) { input.focus(); return; }
      [row, column] = [row + step[0], column + turn * step[1]];
    }
  });

  const field = document.querySelector("[data-narrow]");
  const input = field?.querySelector("input");
  if (input) {
    const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    // Name, key and purpose; the link after them says the same in every row.
    const texts = rows.map((row) => fold(["b", "small"].map((part) => row.querySelector("th " + part).textContent).join(" ")));
    input.addEventListener("input", () => {
      const wanted = fold(input.value.trim());
      rows.forEach((row, index) => { row.hidden = !texts[index].includes(wanted); });
      for (const body of sheet.tBodies) body.hidden = [...body.querySelectorAll("tr[data-key]")].every((row) => row.hidden) && wanted !== "";
    });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    field.hidden = false;
  }
}
