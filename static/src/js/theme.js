// Before the first paint: the choice "like the device" needs the device, every other choice is drawn by the server.
(() => {
  const page = document.documentElement;
  if (page.dataset.themeChoice !== "auto") return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => page.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);
})();
