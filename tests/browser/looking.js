// Read by looking.py into each page under test.
(() => {
  const SAME = "[lang=en], [translate=no]";
  const CODES = `code, pre, time, .num, select, textarea, ${SAME}`;
  const squeeze = (text) => text.replace(/\s+/g, " ").trim();

  window.looking = {
    // the words of whatever labels things, without the data inside
    labels: (selector) =>
      [...document.querySelectorAll(selector)]
        .filter((element) => !element.closest(SAME))
        .map((element) => {
          const copy = element.cloneNode(true);
          copy.querySelectorAll(CODES).forEach((part) => part.remove());
          return squeeze(copy.textContent);
        })
        .filter(Boolean),

    // every text that a reader or a screen reader meets
    texts: () => {
      const texts = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest(`script, template, code, pre, ${SAME}`)) texts.push(squeeze(walker.currentNode.data));
      }
      for (const name of ["aria-label", "title", "placeholder"]) {
        for (const element of document.querySelectorAll(`[${name}]`)) {
          if (!element.closest(SAME)) texts.push(element.getAttribute(name));
        }
      }
      return texts.filter(Boolean);
    },

    // what reaches beyond the right edge of the page, without what scrolls within its own box
    wide: () => {
      const limit = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= limit) return [];
      return [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > limit + 1 && !element.closest(".table-scroll, pre"))
        .slice(0, 3)
        .map((element) => `${element.tagName}.${element.className}`);
    },
  };
})();
