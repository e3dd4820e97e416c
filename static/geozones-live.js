// What the map tells while one works: a card beside the pointer; what each zone would make of the
// lycée that is pressed; its land in the colour of the zone that it is dropped in.
//
// The figures are the server's: it is asked for those of a lycée that is pointed at, by the key of the
// plan on screen. Nothing is shown of another plan's.
window.geozonesLive = function create(host) {
  "use strict";

  const { state, shapes, card, gestures } = host;

  // from much better to out of the question, in blue and brown: told apart by everyone
  const HOURS = ["#3f8fc4", "#a9d0e8", "#ffffff", "#fdeedb", "#f5cfa6", "#e2a670"];
  const POSTS = "#cdb8e0"; // a post more or less: no amount of hours, and no verdict
  const TINTS = [...HOURS, POSTS];
  const REFUSED = "#9aa2aa"; // with crosses: told apart without its colour too
  const HATCHING = "#1f2a3373"; // of a draft, over any of these
  const GAP = 16; // pixels between the pointer and the card
  const AWAKE = 24; // pixels to go before the map tells again, after a press or a drop
  const tip = element("gz-tip");
  const scale = element("gz-scale");
  const live = { told: null, asleep: null, aim: null, dragged: null, dropped: null, read: {}, effects: {} };

  function element(name) {
    const made = document.createElement("div");
    made.className = name;
    made.hidden = true;
    return made;
  }

  function setup(map) {
    const box = map.getContainer();
    box.append(tip, scale);
    for (const part of [tip, scale]) part.setAttribute("aria-hidden", "true");
    box.addEventListener("pointerdown", sleep, true);
    box.addEventListener("pointerleave", hide);
    map.on("movestart zoomstart", hide);
    map.on("click", release);
  }

  // -- the card beside the pointer ---------------------------------------------------------------

  // a layer tells `content()` while the pointer is over it
  function tell(layer, content) {
    const show = (e) => {
      if (live.dragged || live.muted || sleeps(e.containerPoint)) return;
      live.pointer = e.containerPoint;
      if (live.told !== layer) tip.replaceChildren(content());
      live.told = layer;
      beside(e.containerPoint);
    };
    layer.on("mouseover mousemove", show);
    layer.on("mouseout remove", () => { if (live.told === layer) hide(); });
  }

  function hide() {
    live.told = null;
    tip.hidden = true;
  }

  // while something else goes on there is nothing to tell; nor after it, until the pointer moves
  function mute(muted, point) {
    live.muted = muted;
    live.asleep = point;
    hide();
  }

  function sleep(e) {
    live.gaveUp = false;
    live.asleep = state.map.mouseEventToContainerPoint(e);
    hide();
  }

  function sleeps(point) {
    if (live.asleep && live.asleep.distanceTo(point) > AWAKE) live.asleep = null;
    return Boolean(live.asleep);
  }

  // on the side of the pointer where there is room: whole, and off what is pointed at; in a small window, with its
  // first lines only
  function beside({ x, y }, above = false) {
    tip.hidden = false;
    const { left, top, right, bottom } = host.room();
    tip.classList.remove("gz-brief");
    const fits = Math.max(x - left, right - x) > tip.offsetWidth + GAP || Math.max(y - top, bottom - y) > tip.offsetHeight + GAP;
    tip.classList.toggle("gz-brief", !fits);
    const [width, height] = [tip.offsetWidth, tip.offsetHeight];
    const after = (at, length, end) => (at + GAP + length < end ? at + GAP : at - GAP - length);
    const before = (at, length, start) => (at - GAP - length > start ? at - GAP - length : at + GAP);
    const within = (at, length, start, end) => Math.max(start, Math.min(at, end - length));
    tip.style.left = `${within(after(x, width, right), width, left, right)}px`;
    tip.style.top = `${within(above ? before(y, height, top) : after(y, height, bottom), height, top, bottom)}px`;
  }

  // -- where a pressed lycée would be better -----------------------------------------------------

  // zone -> { grade, remark, facts } for a lycée; null until the server answers
  function hintsOf(lycee) {
    const key = state.scene && state.scene.hints;
    if (!key) return null;
    if (live.read.key !== key) live.read = { key, of: {} };
    const held = live.read.of;
    if (!(lycee in held)) {
      held[lycee] = null;
      gestures.ask(`hints/${key}/${encodeURIComponent(lycee)}`).then((found) => {
        held[lycee] = found;
        tint();
      });
    }
    return held[lycee];
  }

  function press(lycee, e) {
    if (!state.scene.editable || e.ctrlKey || e.metaKey || e.shiftKey) return;
    aimWith(lycee);
    tint();
  }

  function aimWith(lycee) {
    live.aim = { lycee, plan: state.scene.hints, told: state.told };
    for (const page of pages()) page.addEventListener("keydown", escape, true);
  }

  // the map has the focus or not, as it happens: Escape is heard in both documents
  function pages() {
    return new Set([document, window.parent.document]);
  }

  function escape(e) {
    if (e.key !== "Escape") return;
    if (live.dragged) giveUp(e);
    else release();
  }

  function tint() {
    const found = live.aim && hintsOf(live.aim.lycee.id);
    if (!found) return;
    live.aim.hints = found;
    const drafts = new Set(state.scene.zones.filter(({ hatch }) => hatch).map(({ id }) => id));
    zonePaths().forEach((path) => {
      const hint = found[path.dataset.zone];
      path.style.fill = hint ? worth(hint, drafts.has(path.dataset.zone)) : "";
      path.style.fillOpacity = hint ? 1 : "";
      path.dataset.grade = hint ? hint.grade : "own";
    });
    showScale(live.aim.lycee.name, drafts.size > 0);
  }

  // the fill of a zone by what the move is worth; a draft stays hatched
  function worth({ grade }, draft) {
    const refused = !(grade in TINTS);
    return host.filled(refused ? REFUSED : TINTS[grade], draft ? HATCHING : null, refused);
  }

  function release() {
    if (!live.aim) return;
    live.aim = null;
    for (const page of pages()) page.removeEventListener("keydown", escape, true);
    scale.hidden = true;
    zonePaths().forEach((path) => {
      path.style.fill = "";
      path.style.fillOpacity = "";
      delete path.dataset.grade;
    });
  }

  function zonePaths() {
    return state.map.getContainer().querySelectorAll("path[data-zone]");
  }

  function showScale(name, drafts) {
    const text = (words) => Object.assign(document.createElement("span"), { textContent: words });
    const swatch = (colour, sign = "") => {
      const made = Object.assign(document.createElement("i"), { className: sign });
      if (colour) made.style.background = colour;
      return made;
    };
    const title = Object.assign(document.createElement("b"), { textContent: name });
    const worst = HOURS.at(-1);
    scale.replaceChildren(title, text("moins d’heures"), ...HOURS.slice(0, -1).map((colour) => swatch(colour)), text("plus d’heures"), swatch(worst), text("bien plus"), swatch(POSTS), text("postes en plus ou en moins"), swatch(REFUSED, "gz-crossed"), text("refusé"));
    if (drafts) scale.append(swatch(null, "gz-hatched"), text("brouillon"));
    scale.hidden = false;
    placeScale();
  }

  function placeScale() {
    const { left, right, top } = host.room();
    Object.assign(scale.style, { left: `${(left + right) / 2}px`, top: `${top}px` });
  }

  // what the pressed lycée would change by joining a zone; null where none is, or it is in that zone
  function hintCard(zone) {
    const hint = live.aim && live.aim.hints && live.aim.hints[zone.id];
    return hint ? card(zone.name, hint.facts, hint.remark) : null;
  }

  // -- dragging ----------------------------------------------------------------------------------

  function grab(marker, lycee) {
    live.dragged = { marker, lycee };
    hide();
    if (!live.aim) for (const page of pages()) page.addEventListener("keydown", escape, true);
  }

  // send nothing of a drag that Leaflet is made to end, nor of the click that its button ends in
  function giveUp(e) {
    const { marker } = live.dragged;
    e.stopPropagation();
    marker.dragging.disable();
    marker.dragging.enable();
    live.gaveUp = true;
    end(marker);
    host.spread();
  }

  function end(marker) {
    live.dragged = null;
    live.asleep = state.map.latLngToContainerPoint(marker.getLatLng());
    for (const page of pages()) page.removeEventListener("keydown", escape, true);
    hide();
    release();
    const { late } = live;
    live.late = null;
    if (late) setTimeout(late, 0);
  }

  const gaveUp = () => live.gaveUp;

  // a drawing that comes during a drag waits for its end: it may replace what is dragged
  function holds(late) {
    if (live.dragged) live.late = late;
    return Boolean(live.dragged);
  }

  // under the lycée that is dragged: the zone that it would join
  function over(marker) {
    if (!live.aim) return;
    if (!live.aim.hints) tint();
    const zone = zoneAt(marker.getLatLng());
    const told = zone && hintCard(zone);
    live.over = told ? zone.id : null;
    foresee();
    if (!told) {
      tip.hidden = true;
      return;
    }
    tip.replaceChildren(told);
    beside(state.map.latLngToContainerPoint(marker.getLatLng()), true); // a hand is below
  }

  // what the move to a zone would make of the plan: the answer and the figures, as they are told once it is made
  function effectOf(lycee, zone) {
    const { hints: key } = state.scene;
    if (live.effects.key !== key) live.effects = { key, of: {} };
    return live.effects.of[`${lycee} ${zone}`] ||= gestures.ask(`move/${key}/${encodeURIComponent(lycee)}/${encodeURIComponent(zone)}`);
  }

  // asked for while the lycée hovers over the zone, one at a time: it is there once the lycée is dropped
  function foresee() {
    const { over } = live;
    if (live.foreseeing || !over || !live.dragged) return;
    live.foreseeing = true;
    effectOf(live.dragged.lycee.id, over).then(() => {
      live.foreseeing = false;
      if (live.over !== over) foresee();
    });
  }

  // a lycée (id) is about to be moved by a button of the page: the map shows it at once too
  function coming(lyceeId, zoneId) {
    const lycee = state.scene.lycees.find(({ id }) => id === lyceeId);
    const zone = state.scene.zones.find(({ id }) => id === zoneId);
    const marker = state.drawn.lycees.get(lyceeId)?.layer;
    if (!lycee || !zone || !state.scene.hints) return;
    live.lastDrop = 0; // the next drawing answers it
    if (marker?.getElement()) paint(marker, lycee, zone);
    gestures.tellPage("gz-coming", effectOf(lyceeId, zoneId));
  }

  function zoneAt(at) {
    const point = state.map.latLngToContainerPoint(at);
    const box = state.map.getContainer().getBoundingClientRect();
    const path = document.elementsFromPoint(box.left + point.x, box.top + point.y).find((found) => found.dataset.zone && found.matches("path"));
    return path ? state.scene.zones.find((zone) => zone.id === path.dataset.zone) : null;
  }

  // shows at once where the lycée goes; returns the zone (id) that is drawn there
  function drop(marker, lycee) {
    const target = zoneAt(marker.getLatLng());
    const hint = target && live.aim && live.aim.hints && live.aim.hints[target.id];
    end(marker);
    live.lastDrop = state.told + 1; // the gesture that is about to be sent
    if (hint && hint.grade >= 0) {
      paint(marker, lycee, target);
      gestures.tellPage("gz-coming", effectOf(lycee.id, target.id));
    }
    return target ? target.id : null;
  }

  function paint(marker, lycee, zone) {
    forget();
    const style = { ...host.zoneStyle(zone), className: "", interactive: false };
    const land = L.geoJSON(shapes[state.scene.cells[lycee.id]], { ...style, style });
    const layer = host.near.follow(land, { lycees: [lycee.id] }).addTo(state.map);
    layer.eachLayer((part) => part._path.setAttribute("data-dropped", zone.id));
    marker.getElement().style.setProperty("--ink", zone.ink);
    live.dropped = { layer, marker, ink: lycee.ink, rank: live.lastDrop };
  }

  function forget() {
    if (!live.dropped) return;
    const { layer, marker, ink } = live.dropped;
    layer.remove();
    if (marker.getElement()) marker.getElement().style.setProperty("--ink", ink);
    live.dropped = null;
  }

  // a scene was drawn: what it answers is over. A lycée that can be moved, chosen in the list or by the address, is as
  // one that is pressed; one just dropped is not
  function drawn(scene) {
    if (live.dropped && scene.answered >= live.dropped.rank) forget();
    if (scene.selected !== live.chosen) chosenElsewhere();
    const moving = scene.editable ? scene.selected : null;
    if (moving && moving !== live.moving && scene.answered !== live.lastDrop) {
      const lycee = scene.lycees.find(({ id }) => id === moving);
      if (lycee) aimWith(lycee);
    }
    Object.assign(live, { chosen: scene.selected, moving });
    const { aim } = live;
    if (!aim) return;
    const elsewhere = scene.answered > aim.told && scene.selected !== aim.lycee.id;
    if (aim.plan !== scene.hints || elsewhere) release();
    else tint();
  }

  // the pointer may lie over a lycée that is drawn anew: nothing is sent until it moves
  function chosenElsewhere() {
    live.asleep = live.pointer || null;
    hide();
  }

  return { setup, placeScale, tell, mute, hintCard, press, release, grab, over, drop, drawn, gaveUp, holds, coming, forget };
};
