// List pages: filters that answer as you type, selection with a bulk bar, "all that match".
(() => {
  const composing = new WeakSet();

  // A search field waits for the end of an input method's composition, and for a pause.
  let pause = 0;
  document.addEventListener("compositionstart", (event) => composing.add(event.target));
  document.addEventListener("compositionend", (event) => {
    composing.delete(event.target);
    search(event);
  });
  const search = (event) => {
    const field = event.target;
    if (!field.matches?.("form[data-filters] input[type=search], form[data-filters] input[type=text]") || composing.has(field)) return;
    clearTimeout(pause);
    pause = setTimeout(() => field.form.requestSubmit(), 350);
  };
  document.addEventListener("input", search);
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("form[data-filters]") && !event.target.matches("input[type=search], input[type=text]")) form.requestSubmit();
  });

  // Selection
  const picks = (list) => [...list.querySelectorAll("input[name=pick]")];
  const show = (list) => {
    const boxes = picks(list);
    const count = boxes.filter((box) => box.checked).length;
    const all = list.querySelector("[data-pick-all]");
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    const bar = list.querySelector("[data-bulk-bar]");
    if (!bar) return;
    bar.hidden = count === 0;
    const everything = bar.querySelector("[data-bulk-everything]");
    if (everything) {
      const offered = count === boxes.length && list.dataset.hasMore === "true";
      everything.hidden = !offered;
      if (!offered) bar.querySelector("input[name=everything]").checked = false;
    }
    bar.querySelector("[data-bulk-count]").textContent = String(count);
    for (const box of boxes) box.closest("tr").classList.toggle("is-picked", box.checked);
  };
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches?.("input[name=pick]")) return;
    const list = box.closest("[data-list]");
    const boxes = picks(list);
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const other of boxes.slice(from, to + 1)) other.checked = box.checked;
    }
    last = box;
    show(list);
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-pick-all]")) return;
    const list = event.target.closest("[data-list]");
    for (const box of picks(list)) box.checked = event.target.checked;
    show(list);
  });
  const clear = (list) => {
    for (const box of picks(list)) box.checked = false;
    show(list);
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-bulk-clear]")) clear(event.target.closest("[data-list]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) document.querySelectorAll("[data-list]").forEach(clear);
  });
  const showAll = () => document.querySelectorAll("[data-list]").forEach(show);
  document.addEventListener("htmx:afterSettle", showAll);
  showAll();
})();
