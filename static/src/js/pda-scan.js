// The scanner is a keyboard that types anywhere on the page. Keys are gathered at document level, so there is no focus to lose;
// a terminator makes them a scan, and the scan goes to #task's address, whose answer is the next task.
(() => {
  const body = document.body;
  const line = document.getElementById("scan-line");
  const words = line.querySelector(".scan-text");
  const TERMINATORS = new Set(["Enter", "Tab", "NumpadEnter"]);
  const RESEND_MS = [500, 1000, 2000, 4000];
  const STALE_MS = 2000; // a half-typed code from a minute ago is no part of the next scan

  let buffer = "";
  let lastKeyAt = 0;
  let isBusy = false;
  const queue = [];

  // --- reading keys
  const typing = (event) => event.target.matches?.("input, textarea, select");

  document.addEventListener(
    "keydown",
    (event) => {
      if (document.querySelector("dialog[open]") || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey) {
        if (!event.ctrlKey || !["j", "m"].includes(event.key)) return;
        event.preventDefault(); // Ctrl+J and Ctrl+M are how some scanners type LF and CR
        return finish();
      }
      if (event.target.id === "typed") return typedKey(event);
      if (typing(event)) return fieldKey(event);
      if (TERMINATORS.has(event.key)) {
        if (event.key === "Tab" && !buffer) return; // Tab still walks through the page
        event.preventDefault(); // Enter never presses a button
        return finish();
      }
      if (event.key === "Escape") buffer = "";
      const isKeyForControls = event.key === " " && !buffer; // Space still presses the focused button
      if ([...event.key].length !== 1 || isKeyForControls) return;
      event.preventDefault();
      if (event.timeStamp - lastKeyAt > STALE_MS) buffer = "";
      lastKeyAt = event.timeStamp;
      buffer += event.key;
    },
    true,
  );

  // Text that does not come as keys: an input method's full-width characters, a terminal that pastes its scans.
  document.addEventListener("compositionend", (event) => {
    if (!typing(event)) buffer += event.data;
  });
  document.addEventListener("paste", (event) => {
    if (typing(event)) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text");
    buffer += text;
    if (/[\r\n\t]$/.test(text)) finish();
  });

  const typedKey = (event) => {
    if (!TERMINATORS.has(event.key) || event.isComposing) return;
    if (event.key === "Tab" && !event.target.value) return;
    event.preventDefault();
    sendTyped();
  };

  // In a quantity field digits are typed and Enter sends the form; anything long is a scan that strayed into it.
  const fieldKey = (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      event.target.form?.requestSubmit();
    }
  };

  const sendTyped = () => {
    const field = document.getElementById("typed");
    const code = field.value;
    field.value = "";
    field.closest("details").open = false;
    field.blur();
    if (clean(code)) scan(clean(code));
  };

  const finish = () => {
    const code = clean(buffer);
    buffer = "";
    if (code) scan(code);
  };

  const clean = (text) => {
    // NFKC turns full-width letters and digits into plain ones; scanners add control characters and AIM identifiers
    let code = text.normalize("NFKC").replace(/[\u0000-\u001f\u007f\u200b\ufeff]/g, "").replace(/^\][A-Za-z]\d/, "").trim();
    const { scanPrefix, scanSuffix } = body.dataset;
    if (scanPrefix && code.startsWith(scanPrefix)) code = code.slice(scanPrefix.length);
    if (scanSuffix && code.endsWith(scanSuffix)) code = code.slice(0, -scanSuffix.length);
    return code.trim();
  };

  // --- sending: one scan at a time, in the order they were made
  const task = () => document.getElementById("task");

  const scan = (code) => {
    document.dispatchEvent(new CustomEvent("scan", { detail: { code } }));
    if (isBusy) {
      queue.push(code);
      return;
    }
    const { scanUrl, expected } = task()?.dataset || {};
    if (!scanUrl) return tell("bad", body.dataset.textNothing);
    if (expected && !expected.split(" ").includes(code)) tell("bad", `${body.dataset.textWrong}: ${code}`);
    else tell(expected ? "good" : "busy", code);
    isBusy = true;
    // the answer is told again only when the server disagrees with what was told already
    send(scanUrl, code, line.dataset.tone, 0).finally(() => {
      isBusy = false;
      if (queue.length) scan(queue.shift());
    });
  };

  // A lost connection sends the same scan again; the screen's token makes it count once.
  const send = (scanUrl, code, told, tries) =>
    htmx
      .ajax("POST", scanUrl, { target: "#task", swap: "outerHTML", source: "#task", values: { ...fields(), code } })
      .then(
        () => answered(code, told),
        async () => {
          if (tries === RESEND_MS.length) return tell("bad", body.dataset.textOffline);
          tell("busy", body.dataset.textAgain);
          await new Promise((resolve) => setTimeout(resolve, RESEND_MS[tries]));
          return send(scanUrl, code, told, tries + 1);
        },
      );

  const fields = () => {
    const values = {};
    for (const [key, value] of Object.entries(task().dataset)) {
      if (!key.startsWith("scan") || key === "scanUrl") continue;
      values[key.slice(4).replace(/[A-Z]/g, (letter, at) => (at ? "_" : "") + letter.toLowerCase())] = value;
    }
    return values;
  };

  const answered = (code, told) => {
    const { feedback, say } = task()?.dataset || {};
    if (!feedback) return;
    queue.length = feedback === "bad" ? 0 : queue.length; // what was scanned after a wrong code was meant for another screen
    const tone = feedback === "bad" ? "bad" : "good";
    if (tone !== told || say) tell(tone, say || (tone === "bad" ? `${body.dataset.textWrong}: ${code}` : code));
    if (feedback === "done") sound([880, 1175, 1568]);
  };

  body.addEventListener("htmx:responseError", (event) => {
    const trace = event.detail.xhr.getResponseHeader("X-Request-Id");
    tell("bad", body.dataset.textFailed + (trace ? ` ${body.dataset.textTrace}: ${trace}` : ""));
  });
  htmx.config.timeout = 5000; // a request that hangs is as good as lost
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-scan-send]")) sendTyped();
    const pressed = event.target.closest?.("button, summary, a");
    if (pressed) setTimeout(() => pressed.blur(), 0); // after its form was sent: HTMX forgets a button that lost the focus
    const step = event.target.closest?.("[data-quantity-less]") ? -1 : event.target.closest?.("[data-quantity-more]") ? 1 : 0;
    if (step) count(event.target.closest("[data-quantity]"), step);
  });
  document.querySelector(".pda-typed")?.addEventListener("toggle", (event) => {
    if (event.target.open) document.getElementById("typed").focus();
  });
  document.querySelector("[data-scan-typed]")?.addEventListener("submit", (event) => event.preventDefault());

  const count = (box, step) => {
    const field = box.querySelector("input");
    const wanted = (Number.parseInt(field.value, 10) || 0) + step;
    field.value = String(Math.min(Math.max(wanted, 0), Number(box.dataset.max) || wanted));
  };

  // --- telling: words and colour, a tone, a vibration, all at once
  const tell = (tone, text) => {
    line.className = `scan-line is-${tone}`;
    line.dataset.tone = tone;
    words.textContent = text;
    if (tone === "good") sound([1320]);
    if (tone === "bad") sound([220, 180]);
    navigator.vibrate?.(tone === "bad" ? [120, 60, 120] : tone === "good" ? 40 : 0);
  };

  let audio = null;
  const sound = (notes) => {
    try {
      audio = audio || new AudioContext();
      notes.forEach((pitch, index) => {
        const voice = audio.createOscillator();
        const level = audio.createGain();
        const start = audio.currentTime + index * 0.12;
        voice.type = pitch < 400 ? "square" : "sine";
        voice.frequency.value = pitch;
        level.gain.setValueAtTime(0.2, start);
        level.gain.exponentialRampToValueAtTime(0.001, start + 0.11);
        voice.connect(level).connect(audio.destination);
        voice.start(start);
        voice.stop(start + 0.12);
      });
    } catch {
      audio = null; // no sound device: colour and vibration remain
    }
  };
})();
