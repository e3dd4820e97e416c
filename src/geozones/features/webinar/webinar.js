// Walks a webinar by the keyboard. Everything is in the page: nothing is asked of anyone.
//
// webinar(data, steps, notes): data as render.standalone_map.scenes_json gives it, its scenes named
// "<step>.<side>"; steps are what a screen reader says of each, notes the sentences that a
// presenter says.
function webinar(data, steps, notes) {
  "use strict";

  const deck = document.getElementById("deck");
  const keys = document.getElementById("keys");
  const legend = document.getElementById("legend");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const HINT_MS = 7000;
  // pixels of the least type of a map at a desk
  const DESK = 12;
  // the least share of its size that a title keeps, and lines kept at the cost of figures
  const LEAST = 0.7;
  const FEWEST = 3;
  const show = { rank: -1, sides: [], hint: 0, other: null };

  // -- maps --------------------------------------------------------------------------------------

  function side(index) {
    if (show.sides[index]) return show.sides[index];
    const drawing = index ? geozones.create() : geozones;
    drawing.learn(data.shapes, data.entries);
    const map = L.map(`map-${index}`, {
      ...data.options, keyboard: false, zoomControl: false, scrollWheelZoom: false, dragging: false,
      doubleClickZoom: false, boxZoom: false, touchZoom: false, zoomSnap: 0.05, glides: !calm.matches,
    });
    drawing.setup(map, data.ground);
    drawing.enlargeTo(type());
    // nothing to operate here: a picture
    map.getContainer().querySelectorAll(".gz-keys, .gz-help").forEach((each) => each.remove());
    map.getContainer().setAttribute("role", "img");
    map.on("movestart", () => deck.classList.add("moving"));
    map.on("moveend", () => deck.classList.remove("moving"));
    show.sides[index] = { drawing, map };
    return show.sides[index];
  }

  // how much larger than at a desk the names of the maps are: as large as the least of the words
  function type() {
    return parseFloat(getComputedStyle(deck).fontSize) / DESK;
  }

  function draw(rank) {
    const slide = document.getElementById(`slide-${rank}`);
    const scenes = [0, 1].map((index) => data.scenes[`${rank}.${index}`]);
    for (const own of document.querySelectorAll("#maps .chart, #maps .zones")) own.hidden = !own.id.endsWith(`-${rank}`);
    fit(document.getElementById(`chart-${rank}`));
    deck.classList.toggle("wide", Boolean(scenes[1]) && isWide(scenes[0].view));
    // both frames take their places before either map is measured
    scenes.forEach((scene, index) => { document.getElementById(`frame-${index}`).hidden = !scene; });
    scenes.forEach((scene, index) => {
      if (!scene) return;
      const frame = document.getElementById(`frame-${index}`);
      const caption = slide.getAttribute(`data-caption-${index}`);
      frame.firstElementChild.textContent = caption;
      frame.firstElementChild.hidden = !caption;
      const { drawing, map } = side(index);
      map.options.glides = !calm.matches;
      map.invalidateSize({ pan: false, animate: false });
      map.getContainer().setAttribute("aria-label", `Carte : ${[caption, titleOf(slide)].filter(Boolean).join(", ")}`);
      drawing.draw(null, scene);
    });
  }

  // whether two maps are larger one over the other than side by side
  function isWide({ bounds: [[south, west], [north, east]] }) {
    const { clientWidth, clientHeight } = document.getElementById("frames");
    const ratio = ((east - west) * Math.cos(((south + north) / 360) * Math.PI)) / (north - south);
    const scale = (width, height) => Math.min(width / ratio, height);
    return scale(clientWidth, clientHeight / 2) > scale(clientWidth / 2, clientHeight);
  }

  // -- steps -------------------------------------------------------------------------------------

  // ``led``: by the other window, which knows
  function go(wanted, led = false) {
    const rank = Math.max(0, Math.min(steps.length - 1, wanted));
    if (rank === show.rank) return;
    deck.dataset.way = rank < show.rank ? "back" : "on";
    for (const slide of document.querySelectorAll("#words article")) slide.hidden = true;
    show.rank = rank;
    const slide = document.getElementById(`slide-${rank}`);
    slide.hidden = false;
    deck.classList.toggle("double", Boolean(data.scenes[`${rank}.1`]));
    deck.classList.toggle("alone", slide.classList.contains("alone"));
    squeeze();
    draw(rank);
    document.getElementById("counter").textContent = `${rank + 1} / ${steps.length}`;
    document.querySelector("#progress i").style.width = `${(100 * (rank + 1)) / steps.length}%`;
    document.getElementById("live").textContent = steps[rank];
    deck.dataset.step = String(rank + 1);
    if (presenter.on) presenter.draw();
    if (led) return;
    tell("step");
    if (show.other && !show.other.closed) show.other.postMessage({ geozones: "go", rank }, "*");
  }

  // What does not fit gets smaller, down to the least that a room reads (--least); then the last lines
  // are left out and counted, and the figures with them: the presenter has them all. A phone scrolls.
  function squeeze() {
    fit(document.getElementById("words"));
    fit(document.getElementById(`chart-${show.rank}`));
    show.sides.forEach(({ drawing }) => drawing.enlargeTo(type()));
  }

  function fit(box) {
    if (!box || box.hidden) return;
    const fits = () => box.scrollHeight <= box.clientHeight + 1;
    const phone = matchMedia("(max-width: 700px)").matches;
    let scale = 1;
    unfold(box);
    box.style.setProperty("--scale", scale);
    for (; !phone && !fits() && scale > LEAST; scale -= 0.05) box.style.setProperty("--scale", (scale - 0.05).toFixed(2));
    if (!phone) fold(box, fits);
    // what scrolls can be reached by Tab
    if (fits()) box.removeAttribute("tabindex");
    else box.tabIndex = 0;
  }

  function unfold(box) {
    box.classList.remove("brief");
    box.querySelectorAll(".item, .figures").forEach((each) => { each.hidden = false; });
    box.querySelectorAll(".more").forEach((each) => { each.hidden = true; });
  }

  // lists are cut from the last one up, each to its first items and the count of those left out
  function fold(box, fits) {
    if (fits()) return;
    box.classList.add("brief");
    const slide = box.querySelector("article:not([hidden])");
    if (!slide) return;
    const lists = [...slide.querySelectorAll(".lines")].reverse();
    const leave = (least) => lists.forEach((list) => {
      const items = [...list.querySelectorAll(".item")];
      const more = list.nextElementSibling;
      for (let rank = items.length - 1; rank >= least && !fits(); rank -= 1) {
        items[rank].hidden = true;
        more.hidden = false;
        const left = items.length - rank;
        more.textContent = left > 1 ? more.dataset.several.replace("99", left) : more.dataset.one;
      }
    });
    leave(FEWEST);
    const figures = slide.querySelector(".figures");
    if (fits()) return;
    unfold(slide);
    if (figures) figures.hidden = true;
    leave(1);
  }

  function titleOf(slide) {
    return slide.querySelector(".title").textContent;
  }

  // -- keys --------------------------------------------------------------------------------------

  function hint() {
    clearTimeout(show.hint);
    keys.classList.add("shown");
    show.hint = setTimeout(() => keys.classList.remove("shown"), HINT_MS);
  }

  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(hint);
  }

  function leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (!legend.hidden) legend.hidden = true;
    else tell("leave");
  }

  const ACTS = {
    ArrowRight: () => go(show.rank + 1),
    PageDown: () => go(show.rank + 1),
    " ": () => go(show.rank + 1),
    ArrowLeft: () => go(show.rank - 1),
    PageUp: () => go(show.rank - 1),
    Home: () => go(0),
    End: () => go(steps.length - 1),
    f: fullScreen,
    l: () => { legend.hidden = !legend.hidden; },
    h: hint,
    "?": hint,
    p: openPresenter,
    Escape: leave,
  };

  function press(key) {
    const act = ACTS[key.length === 1 ? key.toLowerCase() : key];
    if (!act) return false;
    if (act !== hint) keys.classList.remove("shown"); // whoever presses a key has read it
    act();
    return true;
  }

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === " " ? e.target.closest("button") : e.key.length === 1 && !deck.contains(e.target)) return; // a letter is for the show
    if (press(e.key)) e.preventDefault();
  });
  document.getElementById("back").onclick = () => go(show.rank - 1);
  document.getElementById("on").onclick = () => go(show.rank + 1);

  // a click or a tap goes on, but not one that selects words, or is meant for something
  deck.addEventListener("click", (e) => {
    if (e.target.closest("#legend, a, button") || String(getSelection())) return;
    keys.classList.remove("shown");
    go(show.rank + (e.shiftKey ? -1 : 1));
  });

  // a finger has no Escape
  const out = document.getElementById("leave");
  out.hidden = parent === window || !matchMedia("(pointer: coarse)").matches;
  out.onclick = leave;

  // a phone has no keys: a swipe over the words goes on or back
  let from = null;
  deck.addEventListener("touchstart", (e) => { from = e.changedTouches[0].clientX; }, { passive: true });
  deck.addEventListener("touchend", (e) => {
    const gone = e.changedTouches[0].clientX - from;
    if (Math.abs(gone) > 60) go(show.rank + (gone < 0 ? 1 : -1));
  }, { passive: true });

  // -- the presenter's window ------------------------------------------------------------------------

  // the same document in another window: the two lead one another; in the app, the page opens it
  function openPresenter() {
    if (presenter.on) return;
    if (parent !== window) { tell("present"); return; }
    show.other = window.open(`${location.href.split("#")[0]}#animateur`, "geozones-animateur", "width=1100,height=720");
    if (!show.other) hint();
  }

  const presenter = {
    on: false,
    began: Date.now(),
    start() {
      presenter.on = true;
      document.body.classList.add("presenter");
      const desk = document.getElementById("presenter");
      desk.hidden = document.getElementById("after").hidden = false;
      desk.querySelector("[data-act=back]").onclick = () => go(show.rank - 1);
      desk.querySelector("[data-act=on]").onclick = () => go(show.rank + 1);
      desk.querySelector("[data-act=again]").onclick = () => { presenter.began = Date.now(); presenter.tick(); };
      setInterval(presenter.tick, 1000);
      presenter.tick();
      squeeze();
      draw(show.rank);
      presenter.draw();
    },
    draw() {
      const slide = document.getElementById(`slide-${show.rank + 1}`);
      const said = document.getElementById("said");
      said.replaceChildren(...notes[show.rank].map((sentence) => {
        const line = document.createElement("p");
        line.textContent = sentence;
        return line;
      }));
      said.scrollTop = 0;
      document.getElementById("following").textContent = slide ? titleOf(slide) : "Fin";
      document.getElementById("glimpse").textContent = (notes[show.rank + 1] || []).join(" ");
      document.getElementById("at").textContent = `Étape ${show.rank + 1} sur ${steps.length}`;
    },
    tick() {
      const seconds = Math.floor((Date.now() - presenter.began) / 1000);
      const two = (count) => String(count).padStart(2, "0");
      document.getElementById("elapsed").textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
      document.getElementById("clock").textContent = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    },
  };

  // -- the page around, where there is one ---------------------------------------------------------

  // what became of the scenario since the show began
  function word(said) {
    for (const bar of document.querySelectorAll(".word")) {
      bar.hidden = !said;
      bar.textContent = said;
    }
    squeeze();
    draw(show.rank);
  }

  function tell(what) {
    if (parent !== window) parent.postMessage({ geozones: what, rank: show.rank }, "*");
  }

  addEventListener("message", (e) => {
    const paired = show.other && e.source === show.other;
    // in the presenter's window, the page that opened it speaks, not the one around
    const around = parent !== window && (e.source === parent || e.source === parent.opener);
    if (!e.data || !(paired || around)) return;
    if (e.data.geozones === "go") go(e.data.rank, paired || e.data.led);
    if (paired && e.data.geozones === "ready") show.other.postMessage({ geozones: "go", rank: show.rank }, "*");
    if (paired) return;
    if (e.data.geozones === "presenter") presenter.start();
    if (e.data.geozones === "word") word(e.data.said);
    if (e.data.geozones === "key") press(e.data.key);
    if (e.data.geozones === "focus") deck.focus({ preventScroll: true });
    if (e.data.geozones === "preview") deck.classList.add("preview");
  });

  addEventListener("resize", squeeze);
  const asked = Number((location.hash.match(/^#(\d+)$/) || [])[1] || 1) - 1;
  go(asked);
  if (location.hash === "#animateur" && window.opener) {
    show.other = window.opener;
    presenter.start();
    show.other.postMessage({ geozones: "ready" }, "*");
  } else hint();
  // in a page, the page says who has the focus
  if (parent === window) deck.focus({ preventScroll: true });
  tell("ready");
}
