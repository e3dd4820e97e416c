// Accessibility by keyboard and screen reader: skip links to the map and past it, a live region for announcements,
// a focus that is never lost, and refusals bound to their fields.
//
// The server writes announcements and focus requests in #gz-attention.
(() => {
  "use strict";
  if (window.geozonesAttention) return;
  const MAP = 'iframe[src*="streamlit_folium"]';
  const REACHED = 'input:not([disabled]), select, button:not([disabled]), a[href], [tabindex="0"]';
  const JOB = '[class*="st-key-gz-job"]';
  const PATIENCE_MS = 20000;
  const FILTER = "table-filtre";
  const CONTROLS = "input:not([type=file]), textarea, [role=spinbutton], [data-testid=stFileUploaderDropzone] button";
  const region = Object.assign(document.createElement("div"), { id: "gz-live" });
  // buttons, because they lead to no other page
  const skips = {
    content: link("Aller au contenu", toTitle),
    map: link("Aller à la carte", toMap),
    table: link("Aller au tableau", toTable),
  };
  const seen = { saidRank: "0", focusRank: "0" };
  // whether the last gesture was a key, and on what; the last focused element; the requested focus; the fields refused
  const now = { keys: false, pressed: document.body, last: null, height: 0, inJob: false, asked: null, told: null, refused: [] };
  window.geozonesAttention = { say, toMap };

  const map = () => document.querySelector(MAP);
  const title = () => document.querySelector("main h1");
  const table = () => document.querySelector(".st-key-table-lycees");
  // the button that opens the drawer of the tables, while it is closed
  const drawer = () => document.querySelector(".st-key-carte-tableaux button");
  const shown = (element) => getComputedStyle(element).visibility !== "hidden"; // other pages keep the map out of sight
  const app = () => document.querySelector('[data-testid="stApp"]');
  // a button that was just disabled keeps the focus until the browser draws
  const lost = () => !document.activeElement || document.activeElement === document.body || document.activeElement.disabled;

  function setUp() {
    region.setAttribute("role", "status");
    document.body.append(region);
    document.querySelector(".gz-skips").append(...Object.values(skips));
    document.addEventListener("keydown", ({ target }) => gesture(true, target), true);
    document.addEventListener("pointerdown", ({ target }) => gesture(false, target), true);
    document.addEventListener("keydown", inList);
    document.addEventListener("focusin", ({ target }) => {
      Object.assign(now, { last: target, height: middle(target), inJob: Boolean(target.closest(JOB)) });
    }, true);
    new MutationObserver(look).observe(document.body, {
      subtree: true, childList: true, attributes: true,
      attributeFilter: ["data-said-rank", "data-focus-rank", "data-test-script-state", "disabled"],
    });
    look();
  }

  // whoever goes on is not called back to where the gesture before asked the focus to go
  function gesture(keys, pressed) {
    Object.assign(now, { keys, pressed, asked: null });
  }

  // arrows go from zone to zone of the list of target zones, as in a menu
  function inList(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const list = step && e.target.closest?.(".st-key-gz-destinations table");
    if (!list) return;
    const names = [...list.querySelectorAll("button")];
    names[names.indexOf(e.target) + step]?.focus();
    e.preventDefault();
  }

  function look() {
    frame();
    const told = document.getElementById("gz-attention");
    if (told && told !== now.told) read(told);
    bind();
    if (app() && app().dataset.testScriptState === "notRunning") settle();
  }

  // -- skip links ---------------------------------------------------------------------------------

  function link(text, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "gz-skip", textContent: text });
    made.addEventListener("click", () => act());
    return made;
  }

  // a skip link before the map, and its target after the map
  function frame() {
    const found = map();
    skips.content.hidden = !title();
    // asked once a page, and once the first picture is gone: to answer, the browser styles the whole page
    const { kind, page } = document.body.dataset;
    const where = `${kind} ${page} ${Boolean(document.getElementById("gz-first"))}`;
    if (found !== seen.map || where !== seen.where) Object.assign(seen, { map: found, where, shown: found && shown(found) });
    skips.map.hidden = !seen.shown;
    skips.table.hidden = !table() && !drawer();
    if (!found || found.previousElementSibling?.className === "gz-skip") return;
    const after = Object.assign(document.createElement("span"), { className: "gz-after-map", tabIndex: -1 });
    found.before(link("Passer la carte", () => after.focus()));
    found.after(after);
  }

  function toTitle() {
    title().tabIndex = -1;
    title().focus();
  }

  function toMap(id) {
    const found = map();
    if (!found || !found.contentWindow.geozones) return;
    found.focus();
    found.contentWindow.geozones.focus(id);
  }

  // the table is the alternative to the map: open the drawer and the table, and move the focus to its filter
  function toTable() {
    if (!table()) drawer()?.click();
    const until = Date.now() + PATIENCE_MS;
    let unfolded = false;
    // each is drawn once the server has answered, and the filter is visible once the table is unfolded
    (function wait() {
      const box = table()?.querySelector("details");
      if (box && !box.open && !unfolded) box.querySelector("summary").click();
      unfolded = Boolean(box);
      if (!reach(FILTER) && Date.now() < until) requestAnimationFrame(wait);
    })();
  }

  // -- requests of the server ----------------------------------------------------------------------

  function read(told) {
    const { said, saidRank, focus, focusRank } = told.dataset;
    now.told = told;
    if (saidRank !== seen.saidRank && said) say(said);
    if (focusRank !== seen.focusRank && focus) now.asked = focus;
    Object.assign(seen, { saidRank, focusRank });
  }

  // emptied first, so that the same words are announced again
  function say(text) {
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = text; });
  }

  // once the page is complete: move the focus where requested, else near where it was lost;
  // Streamlit may still have to load what draws the requested element
  function settle() {
    if (!now.keys && !(now.asked && "focusAlways" in now.told.dataset)) return;
    if (now.asked && reach(now.asked)) {
      now.asked = null;
      return;
    }
    if (!lost() || !now.last || now.last === document.body) return;
    if (now.last.isConnected && !now.last.disabled) return;
    const stop = document.querySelector(`${JOB} button:not([disabled])`);
    if (stop) stop.focus();
    else if (now.inJob || !map() || !shown(map())) nearest();
    else toMap();
  }

  // what takes the place of an element is drawn near it: the result where the button was
  function nearest() {
    const far = (each) => Math.abs(middle(each) - now.height);
    const found = [...document.querySelectorAll(`main :is(${REACHED})`)].filter((each) => each.checkVisibility());
    const [first] = found.filter((each) => each.tabIndex >= 0).sort((one, other) => far(one) - far(other));
    if (first) first.focus({ preventScroll: true });
    else if (title()) toTitle();
  }

  function middle(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return (top + bottom) / 2;
  }

  function reach(key) {
    const box = document.querySelector(`.st-key-${key}`) || document.getElementById(key);
    const inside = box && [...box.querySelectorAll(REACHED)];
    // a table scrolls, and has the focus for that: what is in it comes first
    const target = box && (box.matches(REACHED) ? box : inside.find((each) => !each.querySelector("button")) || inside[0]);
    if (!target) return false;
    target.focus();
    return document.activeElement === target; // a hidden element takes no focus
  }

  // a refusal tells the end of its field's key
  function bind() {
    const before = now.refused;
    now.refused = [...document.querySelectorAll("[role=alert][data-field]")].flatMap((refusal) => {
      if (!refusal.gzField?.isConnected) refusal.gzField = field(refusal.dataset.field);
      refusal.id ||= `gz-refusal-${refusal.dataset.field}`;
      return [...refusal.gzField?.querySelectorAll(CONTROLS) ?? []].map((control) => describe(control, refusal.id));
    });
    before.filter((control) => !now.refused.includes(control)).forEach((control) => describe(control, ""));
  }

  function describe(control, id) {
    const before = control.getAttribute("aria-describedby") ?? "";
    const said = `${before.replace(/ ?gz-refusal-\S+/, "")} ${id}`.trim();
    if (said !== before) control.setAttribute("aria-describedby", said);
    if (said !== before) control.setAttribute("aria-invalid", String(Boolean(id)));
    return control;
  }

  // the field of that name which is the nearest to the last gesture
  function field(name) {
    const key = new RegExp(`st-key-\\S*-(\\w*_)?${name}s?(?!\\w)`);
    for (let around = now.pressed.isConnected ? now.pressed : document.body; around; around = around.parentElement) {
      const found = [...around.querySelectorAll('[class*="st-key-"]')].find(({ className }) => key.test(className));
      if (found) return found;
    }
    return null;
  }

  setUp();
})();
