// For whoever works by the keyboard or with a screen reader: ways to the map and past it, a place where what
// happened is said, and a focus that is never lost.
//
// The server leaves what is to be said, and where the focus is asked to go, in #gz-attention.
(() => {
  "use strict";
  if (window.geozonesAttention) return;
  const MAP = 'iframe[src*="streamlit_folium"]';
  const REACHED = 'input:not([disabled]), select, button:not([disabled]), a[href], [tabindex="0"]';
  const PATIENCE_MS = 20000;
  const FILTER = "table-filtre";
  const region = Object.assign(document.createElement("div"), { id: "gz-live" });
  const seen = { saidRank: "0", focusRank: "0" };
  // whether the last gesture was a key; what had the focus; where it is asked to go
  const now = { keys: false, last: null, asked: null, told: null };
  window.geozonesAttention = { byKeys: (keys) => { now.keys = keys; } };

  const map = () => document.querySelector(MAP);
  const table = () => document.querySelector(".st-key-table-lycees");
  const app = () => document.querySelector('[data-testid="stApp"]');
  // a button that was just disabled still has the focus, until the browser draws
  const lost = () => !document.activeElement || document.activeElement === document.body || document.activeElement.disabled;

  function setUp() {
    region.setAttribute("aria-live", "polite");
    document.body.append(region);
    document.body.prepend(link("Aller à la carte", toMap), link("Aller au tableau des lycées", toTable));
    document.addEventListener("keydown", () => { now.keys = true; }, true);
    document.addEventListener("pointerdown", () => { now.keys = false; }, true);
    document.addEventListener("focusin", (e) => { now.last = e.target; }, true);
    new MutationObserver(look).observe(document.body, {
      subtree: true, childList: true, attributes: true,
      attributeFilter: ["data-said-rank", "data-focus-rank", "data-test-script-state", "disabled"],
    });
    look();
  }

  function look() {
    frame();
    const told = document.getElementById("gz-attention");
    if (told && told !== now.told) read(told);
    if (app() && app().dataset.testScriptState === "notRunning") settle();
  }

  // -- ways ---------------------------------------------------------------------------------------

  // buttons: they lead to no other page
  function link(text, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "gz-skip", textContent: text });
    made.addEventListener("click", () => act());
    return made;
  }

  // one link before the map, and a place after it
  function frame() {
    const found = map();
    const [toTheMap, toTheTable] = document.querySelectorAll("body > .gz-skip");
    toTheMap.hidden = !found;
    toTheTable.hidden = !table();
    if (!found || found.previousElementSibling?.className === "gz-skip") return;
    const after = Object.assign(document.createElement("span"), { className: "gz-after-map", tabIndex: -1 });
    found.before(link("Passer la carte", () => after.focus()));
    found.after(after);
  }

  function toMap(id) {
    const found = map();
    if (!found || !found.contentWindow.geozones) return;
    found.focus();
    found.contentWindow.geozones.focus(id);
  }

  // the table does what the map does: it is opened, and one goes on where it is filtered
  function toTable() {
    const box = table();
    if (!box) return;
    document.querySelector('#gz-sheets [data-side="right"][aria-expanded="false"]')?.click();
    const open = box.querySelector("details").open;
    if (!open) box.querySelector("summary").click();
    const until = Date.now() + PATIENCE_MS;
    // drawn once the server has answered, in sight once it is unfolded
    (function wait() {
      if (!reach(FILTER) && Date.now() < until) requestAnimationFrame(wait);
    })();
  }

  // -- what the server asks ------------------------------------------------------------------------

  function read(told) {
    const { said, saidRank, focus, focusRank } = told.dataset;
    now.told = told;
    if (saidRank !== seen.saidRank && said) say(said);
    if (focusRank !== seen.focusRank && focus) now.asked = focus;
    Object.assign(seen, { saidRank, focusRank });
  }

  // emptied first: the same words are said again
  function say(text) {
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = text; });
  }

  // once the page is whole: where the focus was asked to go; where it was, if it was lost
  function settle() {
    const { asked } = now;
    now.asked = null;
    if (!now.keys) return;
    if (asked && reach(asked)) return;
    if (!lost() || !now.last || now.last === document.body) return;
    if (now.last.isConnected && !now.last.disabled) return;
    toMap();
  }

  function reach(key) {
    const box = document.querySelector(`.st-key-${key}`) || document.getElementById(key);
    const target = box && (box.matches(REACHED) ? box : box.querySelector(REACHED));
    if (!target) return false;
    target.focus();
    if (target.getAttribute("role") === "combobox") open(target);
    return document.activeElement === target; // what is still hidden takes none
  }

  // a list opens as with the arrow
  function open(list) {
    const arrow = { key: "ArrowDown", code: "ArrowDown", keyCode: 40, bubbles: true };
    list.dispatchEvent(new KeyboardEvent("keydown", arrow));
  }

  setUp();
})();
