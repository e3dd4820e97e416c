// Search box of the map: a combobox over the places of the page (ui/carte/main_panel.py), matched here, so that
// Enter takes the first suggestion that is in sight, whatever the server does meanwhile.
(() => {
  "use strict";
  if (window.geozonesSearch) return;
  window.geozonesSearch = { matches };
  const MOST = 8;
  // kinds in order, for places whose names fit as well
  const KINDS = ["lycee", "zone", "sector", "rns", "centre", "ville", "commune"];
  const known = { text: "", places: [] };

  // the rules of `folded` of common/french.py, where CEDEX goes too
  function fold(text) {
    const plain = text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD").replace(/\p{M}/gu, "");
    return plain.replace(/[^a-z0-9]+/g, " ").replace(/\bst\b/g, "saint").replace(/\bste\b/g, "sainte").trim();
  }

  function places() {
    const texts = [...document.querySelectorAll(".gz-places")].map((held) => held.dataset.places);
    const text = texts.join();
    if (text !== known.text) {
      const read = texts.flatMap((each) => JSON.parse(each)).map(([key, name, label]) => ({
        key, label, name: fold(name), title: fold(label.split(" · ")[0]), words: ` ${fold(label)}`, kind: KINDS.indexOf(key.split(":")[0]),
      }));
      Object.assign(known, { text, places: read });
    }
    return known.places;
  }

  // one letter wrong, missing or too many (as in workspace/folder/territory.py), or two swapped; never where a digit is: it is a code
  function nearly(word, other) {
    if (word === other) return true;
    if (Math.abs(word.length - other.length) > 1 || word.length < 4 || /\d/.test(word)) return false;
    let same = 0;
    while (same < word.length && word[same] === other[same]) same += 1;
    const [rest, others] = [word.slice(same), other.slice(same)];
    if (rest[0] === others[1] && rest[1] === others[0]) return rest.slice(2) === others.slice(2);
    return rest.slice(1) === others.slice(1) || rest === others.slice(1) || rest.slice(1) === others;
  }

  // each word begins a word of the label; the very name first, then by kind, names that begin so first
  function matches(text) {
    const whole = fold(text);
    const words = whole.split(" ").filter(Boolean);
    if (!words.length) return [];
    const rank = ({ name, title, kind }) => ([name, title].includes(whole) ? 0 : 100) + 2 * kind + !name.startsWith(whole);
    const all = (test) => places().filter(test).sort((a, b) => rank(a) - rank(b));
    const fit = all(({ words: there }) => words.every((word) => there.includes(` ${word}`)));
    // « Chevrolier » begins the name of a commune: the lycée spelt nearly so comes after it
    if (fit.length) fit.push(...all((place) => !fit.includes(place) && !place.kind && nearly(whole, place.name)));
    else fit.push(...all(({ words: there }) => words.every((word) => there.split(" ").some((each) => nearly(word, each)))));
    return fit.slice(0, MOST);
  }

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function build(host) {
    const input = element("input", {
      type: "text", role: "combobox", "aria-label": host.dataset.said, title: host.dataset.said, "aria-expanded": "false", "aria-autocomplete": "list",
      "aria-controls": "gz-search-list", autocomplete: "off", spellcheck: "false", placeholder: host.dataset.sought, maxlength: "200",
    });
    const list = element("ul", { id: "gz-search-list", role: "listbox", "aria-label": "Suggestions", hidden: "" });
    const status = element("p", { class: "gz-search-status", role: "status" });
    let found = [];
    let at = 0;
    let taken = "";
    let place = "";

    function show() {
      found = matches(input.value);
      at = 0;
      const typed = input.value.trim();
      status.textContent = typed && !found.length ? `Rien ne s'appelle « ${typed.length > 40 ? `${typed.slice(0, 40)}…` : typed} » sur cette carte. Essayez le nom d'une commune.` : "";
      list.replaceChildren(...found.map(({ label }, rank) => {
        const [first, ...rest] = label.split(" · ");
        return element("li", { role: "option", id: `gz-search-${rank}` }, first, element("small", {}, rest.length ? ` · ${rest.join(" · ")}` : ""));
      }));
      mark();
    }

    function mark() {
      const open = found.length > 0;
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      [...list.children].forEach((row, rank) => row.setAttribute("aria-selected", String(rank === at)));
      if (open) input.setAttribute("aria-activedescendant", `gz-search-${at}`);
      else input.removeAttribute("aria-activedescendant");
    }

    function close() {
      found = [];
      list.replaceChildren();
      mark();
    }

    function take(chosen) {
      if (!chosen) return;
      place = chosen.key;
      taken = chosen.label.split(" · ")[0];
      input.value = taken;
      input.select();
      status.textContent = "";
      close();
      host.dispatchEvent(new CustomEvent("gz-go", { bubbles: true, detail: place }));
    }

    // Enter again: the focus goes to the lycée or the zone that was found, on the map
    function onMap() {
      const [kind, id] = place.split(":");
      window.geozonesAttention.toMap(["lycee", "zone"].includes(kind) ? id : undefined);
    }

    input.addEventListener("input", show);
    // what was found is replaced by what is typed next
    input.addEventListener("focus", () => input.select());
    input.addEventListener("mousedown", (event) => {
      if (input.value !== taken || !taken) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !found.length) show();
      else if (step) at = (at + step + found.length) % found.length;
      else if (event.key === "Enter" && taken && input.value === taken) onMap();
      else if (event.key === "Enter") take(found[at] || matches(input.value)[0]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
      if (step) mark();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    // a press that ends elsewhere takes nothing
    list.addEventListener("click", (event) => {
      const row = event.target.closest("li");
      if (row) take(found[[...list.children].indexOf(row)]);
    });
    host.replaceChildren(input, list, status);
  }

  new MutationObserver(() => {
    const host = document.getElementById("gz-search");
    if (host && !host.firstElementChild) build(host);
  }).observe(document.body, { subtree: true, childList: true });
})();
