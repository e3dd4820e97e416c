// Behaviour of the page around the map: names in lists lead to the map; on a phone, panels are sheets
// that open from the bottom.
(() => {
  "use strict";
  if (window.geozonesScreen) return;
  window.geozonesScreen = true;
  const SHEETS = [["left", "Fiche"]];
  const PANELS = [["left", "Fiche"], ["right", "Tableaux"]];
  const READY = [".st-key-atelier-deplacer", ".st-key-gz-answer"];

  function map() {
    const frame = document.querySelector(".st-key-gz-map iframe");
    return frame && frame.contentWindow && frame.contentWindow.geozones;
  }

  document.addEventListener("click", (event) => {
    const name = event.target.closest("[data-go]");
    if (!name) return;
    go(whole(name.dataset));
  });
  document.addEventListener("gz-go", ({ detail }) => go(detail));

  function go(where) {
    if (document.body.dataset.kind === "document") away(where);
    else if (map()) map().go(where);
  }

  // the message of a button, with the choice of the list beside it
  function whole({ go, valueOf }) {
    const list = valueOf && document.getElementById(valueOf);
    return list ? `${go}:${list.value}` : go;
  }

  // from another page: open the page of the map, then send the message once the map is drawn
  const PATIENCE_MS = 20000;
  function away(where) {
    const until = Date.now() + PATIENCE_MS;
    document.querySelector(".st-key-gz-nav a").click();
    (function wait() {
      const drawn = document.body.dataset.kind === "map" && document.getElementById("gz-chosen");
      if (drawn && map()) map().go(where);
      else if (Date.now() < until) requestAnimationFrame(wait);
    })();
  }

  // -- a click ---------------------------------------------------------------------------------

  // What was clicked on the map is named at once; its facts come from the server before its page is redrawn. Where that
  // changes nothing, what was there is put back.
  document.addEventListener("gz-clicked", ({ detail: { name, card } }) => {
    const look = document.getElementById("gz-look");
    if (!look || look.querySelector("h3")?.textContent === name) return;
    const before = [...look.childNodes];
    const title = Object.assign(document.createElement("h3"), { textContent: name });
    const waits = Object.assign(document.createElement("article"), { className: "gz-card gz-coming" });
    waits.setAttribute("aria-busy", "true");
    waits.append(title);
    const place = Object.assign(document.createElement("div"), { className: "gz-place" });
    place.append(waits);
    look.replaceChildren(place);
    whenAnswered(() => { if (place.isConnected) look.replaceChildren(...before); }, () => !place.isConnected);
    card?.then((found) => { if (found && place.isConnected) place.innerHTML = found.card; });
  });

  // Calls `done` once the server has answered the gesture that was just made, or once `over` is true: until then what is
  // shown is on its way. Calls `lost` where the connection is lost before. A page that was busy does not see the run of an
  // answer that came whole in the meantime: the map then tells that it has drawn it.
  function whenAnswered(done, over, lost) {
    const app = document.querySelector("[data-testid=stApp]");
    let ran = false;
    function look() {
      const { testScriptState, testConnectionState } = app.dataset;
      if (testConnectionState !== "CONNECTED") lost?.();
      const runs = testScriptState !== "notRunning";
      ran = ran || runs;
      if (!over?.() && (runs || !ran)) return;
      watch.disconnect();
      document.removeEventListener("gz-answered", answered);
      done();
    }
    function answered() {
      ran = true;
      look();
    }
    const watch = new MutationObserver(look);
    watch.observe(app, { attributes: true, attributeFilter: ["data-test-script-state", "data-test-connection-state"] });
    document.addEventListener("gz-answered", answered);
  }

  // -- a move ----------------------------------------------------------------------------------

  const COMING = "En cours d’enregistrement…";
  const LOST = "Connexion perdue : ce déplacement n'est pas enregistré. Il sera renvoyé dès qu'elle revient.";

  // What a move makes of the plan is shown at once, as the server foresees it, until it is saved and told by the page; a
  // refusal or a lost connection puts back what was there.
  document.addEventListener("gz-coming", ({ detail: effect }) => {
    let open = true;
    let back = () => {};
    whenAnswered(() => { open = false; back(); }, null, () => {
      open = false;
      back();
      back = told("warning", LOST);
    });
    effect.then((found) => {
      if (!open || !found) return;
      const undo = [figured(found.figures), told(found.kind, `${found.answer}\n${COMING}`)];
      back = () => undo.forEach((each) => each());
    });
  });

  document.addEventListener("click", (event) => {
    const aimed = event.target.closest(".st-key-atelier-deplacer button:not([disabled])") && document.getElementById("gz-aimed");
    if (aimed) map()?.coming(aimed.dataset.lycee, aimed.dataset.zone);
  }, true);

  // the message of a move that is not saved yet, in the place of the one before; returns what takes it away
  function told(kind, text) {
    const place = document.getElementById("gz-pending");
    if (!place) return () => {};
    const [first, ...rest] = text.split("\n");
    const box = Object.assign(document.createElement("p"), { className: `gz-notice gz-${kind} gz-pending` });
    box.append(Object.assign(document.createElement("strong"), { textContent: first }), `\n${rest.join("\n")}`);
    place.replaceChildren(box);
    return () => {
      box.remove();
      showReady(); // the answer was hidden until now
    };
  }

  // the figures of the region after the move, without their differences; returns what puts the former ones back
  function figured(figures) {
    const board = document.querySelector(".gz-figures[data-whole]");
    if (!board) return () => {};
    const before = [...board.childNodes];
    const after = before.map((each) => each.cloneNode(true));
    board.replaceChildren(...after);
    board.querySelectorAll(".gz-figure").forEach((card, rank) => {
      const [value, detail] = figures[rank];
      card.querySelector(".gz-figure-value").textContent = value;
      card.querySelector(".gz-figure-detail").textContent = detail;
    });
    board.setAttribute("aria-busy", "true");
    return () => {
      if (after[0].isConnected) board.replaceChildren(...before);
      board.removeAttribute("aria-busy");
    };
  }

  // -- full screen -------------------------------------------------------------------------------

  // the window is full where the browser lets it; leaving one leaves the other
  const leave = () => document.querySelector(".st-key-carte-quitter button");
  document.addEventListener("click", (event) => {
    if (event.target.closest(".st-key-carte-plein button")) document.documentElement.requestFullscreen?.().catch(() => {});
    if (event.target.closest(".st-key-carte-quitter button") && document.fullscreenElement) document.exitFullscreen();
  });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") leave()?.click(); });
  document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) leave()?.click(); });

  // -- sheets ------------------------------------------------------------------------------------

  function show(side) {
    document.body.dataset.sheet = side;
    bar.querySelectorAll("button").forEach((button) => {
      button.setAttribute("aria-expanded", String(button.dataset.side === side));
    });
  }

  const bar = document.createElement("nav");
  bar.id = "gz-sheets";
  bar.setAttribute("aria-label", "Panneaux de la carte");
  for (const [side, text] of SHEETS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.dataset.side = side;
    button.addEventListener("click", () => show(document.body.dataset.sheet === side ? "" : side));
    bar.append(button);
  }
  document.body.append(bar);
  show("");

  // a panel without controls takes the focus itself, so that the keyboard can scroll it
  function reachable() {
    for (const [side, name] of PANELS) {
      focusable(document.querySelector(`.st-key-gz-over-${side}`), { role: "region", "aria-label": name });
    }
    // so does an open chip, which is a dialog that has a name
    focusable(document.querySelector("[data-testid=stPopoverBody]"), {});
  }

  function focusable(panel, names) {
    if (!panel) return;
    const bare = !panel.querySelector("button, input, select, summary, [tabindex]");
    if (bare === (panel.getAttribute("tabindex") === "0")) return;
    if (!bare) panel.removeAttribute("tabindex");
    else for (const [key, value] of Object.entries({ tabindex: "0", ...names })) panel.setAttribute(key, value);
  }

  // the line of chips is longer than its room: a button shows the others, then leads back
  const more = document.createElement("button");
  more.id = "gz-more";
  more.type = "button";
  const chips = () => document.querySelector(".st-key-gz-chips");
  const ended = (line) => line.scrollLeft + line.clientWidth > line.scrollWidth - 2;
  more.addEventListener("click", () => chips().scrollTo({ left: ended(chips()) ? 0 : chips().scrollLeft + chips().clientWidth / 2 }));
  const aside = document.createElement("nav"); // a part of the page, as all that is read
  aside.setAttribute("aria-label", "Suite des boutons de la carte");
  aside.append(more);
  aside.hidden = more.hidden = true;
  document.body.append(aside);
  const room = new ResizeObserver(fit);
  let fitted = [];
  // measured only where the line is another one: to measure, the browser lays the whole page out
  function fitAnew() {
    const line = chips();
    const boxes = line ? [document.body.dataset.kind, line, ...line.children] : [];
    if (boxes.length === fitted.length && boxes.every((box, rank) => box === fitted[rank])) return;
    if (line !== fitted[1]) line?.addEventListener("scroll", fit);
    fitted = boxes;
    room.disconnect();
    for (const box of boxes.slice(1)) room.observe(box);
    fit();
  }
  function fit() {
    const line = chips();
    const fits = !line || document.body.dataset.kind !== "map" || line.scrollWidth <= line.clientWidth + 1;
    if (more.hidden !== fits) aside.hidden = more.hidden = fits;
    if (fits) return;
    const back = ended(line);
    if (more.textContent === (back ? "‹" : "›")) return;
    more.textContent = back ? "‹" : "›";
    more.toggleAttribute("data-back", back); // it lies at the end where chips are out of sight
    more.setAttribute("aria-label", back ? "Premiers boutons de la carte" : "Autres boutons de la carte");
  }

  // from the map to another page: the map stays visible until the title of that page is drawn, so that
  // no white flashes between them; after MOST_MS a page without a title is shown too
  const MOST_MS = 600;
  let asked = 0;
  function turn({ page, kind }) {
    const { dataset } = document.body;
    if (dataset.page === page && dataset.kind === kind) return; // a login that ends leaves no map there
    const empty = kind === "document" && !document.querySelector("h1.gz-title");
    if (dataset.kind === "map" && empty) {
      asked = asked || setTimeout(() => { asked = 0; Object.assign(dataset, here()); }, MOST_MS);
      return;
    }
    clearTimeout(asked);
    asked = 0;
    Object.assign(dataset, { page, kind });
    for (const scrolled of [window, document.querySelector(".stMain")]) scrolled?.scrollTo(0, 0); // which one: styles.css
  }

  const here = () => {
    const { page, kind } = document.getElementById("gz-page").dataset;
    return { page, kind };
  };

  // print the map as it is on screen between the panels: it has no time to draw itself again
  const PAPER_PX = 186 / 25.4 * 96;
  addEventListener("beforeprint", () => {
    const frame = document.querySelector(".st-key-gz-map iframe");
    if (!frame || !frame.clientWidth) return;
    const { clientWidth: width, clientHeight: height } = frame;
    const cover = { left: 0, right: 0 };
    for (const side of Object.keys(cover)) {
      const panel = document.querySelector(`.st-key-gz-over-${side}`);
      // on a phone, a sheet covers no side
      if (panel && panel.clientWidth < width * 0.4) cover[side] = panel.clientWidth;
    }
    const seen = width - cover.left - cover.right;
    const { style } = document.documentElement;
    style.setProperty("--map-width", `${width}px`);
    style.setProperty("--map-tall", `${height}px`);
    style.setProperty("--map-left", `${cover.left}px`);
    style.setProperty("--map-height", height / seen);
    style.setProperty("--map-scale", PAPER_PX / seen);
  });

  function showReady() {
    READY.map((each) => document.querySelector(each)).find(Boolean)?.scrollIntoView({ block: "nearest" });
  }

  // a selection on the map opens its sheet
  let chosen = null;
  let turned = "";
  let drawn = false;
  new MutationObserver(() => {
    const page = document.getElementById("gz-page");
    if (!page) return;
    turn(page.dataset);
    fitAnew();
    const { chosen: told = "" } = (document.getElementById("gz-chosen") || { dataset: {} }).dataset;
    reachable();
    // the drawer, once opened, lies over the sheet; what is chosen in it lies over the drawer
    const drawer = Boolean(document.querySelector(".st-key-gz-over-right"));
    if (drawer && !drawn) show("");
    drawn = drawer;
    const { mode = "" } = (document.getElementById("gz-chosen") || { dataset: {} }).dataset;
    if (mode !== turned) document.querySelector(".st-key-gz-over-left")?.scrollTo(0, 0);
    turned = mode;
    // the answer to a move is short, at the top of the folded sheet: it leaves in sight what it tells of
    if (chosen !== null && told && told !== chosen) {
      show(told.includes("reponse-") ? "" : "left");
      requestAnimationFrame(() => { // once all of it is there: to scroll, the browser lays the page out
        document.querySelector(".st-key-gz-over-left")?.scrollTo(0, 0); // its first line is what was chosen
        // the move that is ready, or the answer to one, is in sight in a small window too
        showReady();
      });
    }
    chosen = told;
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-chosen"] });
})();
