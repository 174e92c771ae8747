// The frame's own behaviour: side menu on small screens, toasts, the confirm dialog, quiet refreshes, copying.
(() => {
  const body = document.body;
  const byId = (id) => document.getElementById(id);

  // --- side menu on small screens
  const opener = document.querySelector("[data-side-open]");
  const setSide = (open) => {
    body.classList.toggle("side-open", open);
    opener?.setAttribute("aria-expanded", String(open));
    if (open) byId("side").querySelector("a")?.focus();
    else opener?.focus();
  };
  opener?.addEventListener("click", () => setSide(true));
  document.querySelector("[data-side-close]")?.addEventListener("click", () => setSide(false));

  // --- menus made of <details> close on Escape and on a click elsewhere
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const close = event.target.closest?.("[data-toast-close]");
    if (close) close.parentElement.remove();
    const copy = event.target.closest?.("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => toast(body.dataset.textCopied, "good"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (body.classList.contains("side-open")) setSide(false);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // --- toasts: HX-Trigger: {"toast": {"text": "…", "tone": "good"}}
  const toast = (text, tone = "info") => {
    const line = byId("toast-line").content.firstElementChild.cloneNode(true);
    line.classList.add(`tone-${tone}`);
    line.querySelector("span").textContent = text;
    byId("toasts").append(line);
    if (tone !== "bad") setTimeout(() => line.remove(), 6000);
  };
  body.addEventListener("toast", (event) => toast(event.detail.text, event.detail.tone));
  body.addEventListener("htmx:responseError", (event) => {
    if (body.classList.contains("pda")) return; // the scan line tells it there
    const answer = event.detail.xhr;
    if ((answer.getResponseHeader("HX-Trigger") || "").includes("toast")) return;
    const trace = answer.getResponseHeader("X-Request-Id");
    toast(body.dataset.textFailed + (trace ? ` ${body.dataset.textTrace}: ${trace}` : ""), "bad");
  });
  body.addEventListener("htmx:sendError", () => body.classList.contains("pda") || toast(body.dataset.textOffline, "bad"));

  // --- forms with data-confirm ask first; data-confirm-reason also asks why and sends it as `reason`
  const dialog = byId("confirm");
  let waiting = null;
  const ask = (form, button) => {
    const words = { ...form.dataset, ...(button?.dataset || {}) };
    if (!words.confirm) return false;
    waiting = { form, button };
    byId("confirm-title").textContent = words.confirm;
    byId("confirm-body").textContent = words.confirmBody || "";
    byId("confirm-yes").textContent = button?.textContent.trim() || byId("confirm-yes").textContent;
    byId("confirm-reason-label").hidden = !("confirmReason" in words);
    byId("confirm-reason").required = "confirmReason" in words;
    byId("confirm-reason").value = "";
    dialog.returnValue = "";
    dialog.showModal();
    return true;
  };
  document.addEventListener(
    "submit",
    (event) => {
      const { target: form, submitter } = event;
      if (form.dataset.confirmed) {
        delete form.dataset.confirmed;
        return;
      }
      if (ask(form, submitter)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );
  dialog?.querySelector("button[value='']").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close("");
  });
  dialog?.addEventListener("close", () => {
    if (dialog.returnValue !== "yes" || !waiting) return;
    const { form, button } = waiting;
    if (byId("confirm-reason").required) {
      const field = form.querySelector("input[name=reason]") || form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "reason" }));
      field.value = byId("confirm-reason").value;
    }
    form.dataset.confirmed = "yes";
    form.requestSubmit(button);
  });

  // --- the way back: each list's address and name are kept for this tab, the breadcrumb leads to the last one that fits
  const KEPT = "lists";
  const lists = () => JSON.parse(sessionStorage.getItem(KEPT) || "{}");
  const keepList = () => {
    if (!document.querySelector("[data-list]")) return;
    const kept = { search: location.search, title: document.querySelector("h1").textContent.trim(), at: Date.now() };
    sessionStorage.setItem(KEPT, JSON.stringify({ ...lists(), [location.pathname]: kept }));
  };
  const leadBack = () => {
    for (const link of document.querySelectorAll("a[data-way-back]")) {
      const seen = lists();
      const paths = link.dataset.wayBack.split(" ").filter((path) => path in seen);
      const path = paths.sort((a, b) => seen[b].at - seen[a].at)[0];
      if (!path) continue;
      link.href = path + seen[path].search;
      link.querySelector("span").textContent = seen[path].title;
    }
  };
  keepList();
  leadBack();
  body.addEventListener("htmx:pushedIntoHistory", keepList);
  body.addEventListener("htmx:afterSettle", leadBack);

  // --- quiet refresh: data-refresh="15" fires `refresh`, but never under the reader's hands
  const busy = (part) => document.hidden || dialog?.open || part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea") || part.querySelector("input[name=pick]:checked, details[open]");
  setInterval(() => {
    for (const part of document.querySelectorAll("[data-refresh]")) {
      part.refreshAge = (part.refreshAge || 0) + 1;
      if (part.refreshAge < Number(part.dataset.refresh) || busy(part)) continue;
      part.refreshAge = 0;
      htmx.trigger(part, "refresh");
    }
  }, 1000);
})();
