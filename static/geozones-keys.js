// Lycées and zones by the keyboard: one stop of Tab, then arrows, in the order in which they are read.
//
// Each is a button, out of the pointer's way: a zone, then its lycées by name, then the next zone; of
// the sector that is looked at, else of them all. The one that has the focus lies where it is drawn.
// Of a large territory, only those of the sector of the one that has the focus are in the page.
//
// drawn(scene)  the buttons are those of the scene; the focus stays where it was.
// host.room()   the part of the map that nothing of the page covers, in pixels: all of it without.
// focus(id)     gives the focus to a lycée or zone; to where it last was without one.
window.geozonesKeys = function create(host) {
  "use strict";

  const { state, emit, around, release } = host;

  const HOW = " et zones : flèches haut et bas pour parcourir, gauche et droite de zone en zone, Entrée pour choisir";
  const EDITS = ", m pour les zones d’arrivée";
  const HELP = [["↑ ↓", "parcourir"], ["← →", "de zone en zone"], ["Entrée", "choisir"], ["+ −", "agrandir, réduire"]];
  const EDIT_HELP = [...HELP.slice(0, 3), ["m", "où l’envoyer"], ["Ctrl + Entrée", "en prendre plusieurs"], HELP[3]];
  const HALO = [{ color: "#ffffff", weight: 8 }, { color: "#15202b", weight: 4 }];
  const PAN = { ArrowUp: [0, -90], ArrowDown: [0, 90], ArrowLeft: [-90, 0], ArrowRight: [90, 0] };
  const MANY = 600; // buttons, from which those of one sector are in the page
  const FRENCH = new Intl.Collator("fr");
  const list = Object.assign(document.createElement("div"), { className: "gz-keys" });
  const help = Object.assign(document.createElement("div"), { className: "gz-help", hidden: true });
  const buttons = new Map();
  const keys = { name: "", items: [], at: null, selected: null, halo: null };

  function setup(map) {
    keys.name = map.options.sites + HOW;
    map.keyboard.disable(); // its arrows and its own stop of Tab
    const box = map.getContainer();
    box.removeAttribute("tabindex");
    box.querySelectorAll(".leaflet-control-zoom a").forEach((each) => { each.tabIndex = -1; });
    list.setAttribute("role", "group");
    help.setAttribute("aria-hidden", "true");
    box.prepend(list, help);
    list.addEventListener("keydown", pressed);
    list.addEventListener("click", (e) => choose(itemOf(e.target), e.ctrlKey || e.metaKey));
    list.addEventListener("focusin", (e) => entered(itemOf(e.target)));
    list.addEventListener("focusout", left);
    map.on("move zoomend viewreset", lay);
  }

  const itemOf = (button) => keys.items.find(({ key }) => key === button.dataset.key);
  const current = () => keys.items.find(({ key }) => key === keys.at);

  // -- what there is, in order -------------------------------------------------------------------

  function inOrder(scene) {
    const rank = new Map(scene.sectors.map(({ id }, i) => [id, i]));
    const zones = scene.zones.filter((zone) => [null, undefined, zone.sector].includes(scene.focus));
    zones.sort((a, b) => rank.get(a.sector) - rank.get(b.sector));
    const lycees = [...scene.lycees].sort((a, b) => FRENCH.compare(a.name, b.name));
    const inZone = new Map(zones.map(({ id }) => [id, []]));
    lycees.forEach((each) => inZone.get(each.zone)?.push(each));
    const found = zones.flatMap((zone) => [
      entry("zone", zone, zone.sector), ...inZone.get(zone.id).map((each) => entry("lycee", each, zone.sector)),
    ]);
    // one that has left the sector stays at hand while it is chosen
    const away = lycees.filter(({ id, zone }) => id === scene.selected && !inZone.has(zone));
    return [...found, ...away.map((each) => entry("lycee", each, ""))];
  }

  const entry = (kind, { id, name, spoken }, sector) => ({ kind, id, sector, key: `${kind} ${id}`, name: spoken || name });

  function drawn(scene) {
    const held = list.contains(document.activeElement);
    list.setAttribute("aria-label", scene.editable ? keys.name + EDITS : keys.name);
    keys.items = inOrder(scene);
    const wanted = new Set(keys.items.map(({ key }) => key));
    const chosen = `lycee ${scene.selected}`;
    if (scene.selected !== keys.selected && wanted.has(chosen)) keys.at = chosen;
    keys.selected = scene.selected;
    if (!wanted.has(keys.at)) keys.at = wanted.has(chosen) ? chosen : keys.items.length ? keys.items[0].key : null;
    offer();
    rove();
    if (held) focus(); // a button that is moved in the page loses it
  }

  // the buttons that are in the page
  function offer() {
    const sector = keys.items.length > MANY ? current()?.sector : null;
    const offered = keys.items.filter((item) => sector === null || item.sector === sector);
    const wanted = new Set(offered.map(({ key }) => key));
    buttons.forEach((button, key) => { if (!wanted.has(key)) { button.remove(); buttons.delete(key); } });
    offered.forEach((item, rank) => fill(item, rank, state.scene));
  }

  function fill(item, rank, scene) {
    const button = buttons.get(item.key) || make(item);
    const set = (name, value) => { if (button.getAttribute(name) !== value) button.setAttribute(name, value); };
    set("aria-label", item.name);
    const chosen = item.kind === "lycee" ? item.id === scene.selected || scene.picked.includes(item.id) : scene.selected_zones.includes(item.id);
    set("aria-pressed", String(chosen));
    if (list.children[rank] !== button) list.insertBefore(button, list.children[rank] || null);
  }

  function make(item) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: `gz-key gz-key-${item.kind}` });
    button.dataset.key = item.key;
    buttons.set(item.key, button);
    return button;
  }

  function rove() {
    buttons.forEach((button, key) => { button.tabIndex = key === keys.at ? 0 : -1; });
  }

  // -- the focus ---------------------------------------------------------------------------------

  function focus(id) {
    const asked = keys.items.find((item) => item.id === id) || current();
    if (!asked) return;
    keys.at = asked.key;
    if (!buttons.has(asked.key)) offer();
    rove();
    buttons.get(asked.key).focus({ preventScroll: true });
  }

  function entered(item) {
    if (!item) return;
    keys.at = item.key;
    rove();
    showHelp();
    state.touched = true;
    state.map.panInside(placeOf(item), { ...margins(), animate: false });
    lay();
    halo(item);
  }

  function margins() {
    const { x, y } = state.map.getSize();
    const room = host.room ? host.room() : { left: 0, top: 0, right: x, bottom: y };
    const [wide, high] = [room.right - room.left, room.bottom - room.top];
    const [across, down] = [Math.min(50, wide / 4), Math.min(50, high / 4)];
    return {
      paddingTopLeft: [room.left + across, room.top + down],
      paddingBottomRight: [x - room.right + across, y - room.bottom + down],
    };
  }

  function left() {
    help.hidden = true;
    halo(null);
  }

  function halo(item) {
    if (keys.halo) keys.halo.remove();
    const zone = item && item.kind === "zone" && state.scene.zones.find(({ id }) => id === item.id);
    keys.halo = zone ? around(zone, "signs", HALO).addTo(state.map) : null;
    if (keys.halo) keys.halo.eachLayer((line) => line.eachLayer((part) => { part._path.dataset.focused = item.id; }));
  }

  function lay() {
    const item = current();
    if (!item || !list.contains(document.activeElement)) return;
    const { x, y } = state.map.latLngToContainerPoint(placeOf(item));
    Object.assign(buttons.get(item.key).style, { left: `${x}px`, top: `${y}px` });
  }

  function placeOf({ kind, id }) {
    if (kind === "lycee") {
      const drawn = state.markers.find(({ item }) => item.id === id);
      return drawn ? drawn.marker.getLatLng() : L.latLng(state.scene.lycees.find((each) => each.id === id).at);
    }
    const named = state.scene.labels.find((label) => label.kind === "zone" && label.of === id);
    return named ? L.latLng(named.at) : state.drawn.zones.get(id).layer.getBounds().getCenter();
  }

  function showHelp() {
    const lines = state.scene.editable ? EDIT_HELP : HELP;
    help.replaceChildren(...lines.map(([key, does]) => {
      const line = document.createElement("span");
      line.append(Object.assign(document.createElement("kbd"), { textContent: key }), does);
      return line;
    }));
    help.hidden = false;
    if (!host.room) return;
    const { left: from, right: to } = host.room();
    Object.assign(help.style, { left: `${(from + to) / 2}px`, maxWidth: `${to - from}px` });
  }

  // -- keys --------------------------------------------------------------------------------------

  function pressed(e) {
    const acts = actOf(e);
    if (!acts) return;
    e.preventDefault();
    e.stopPropagation();
    acts();
  }

  function actOf(e) {
    const { key } = e;
    if (e.altKey || ((e.ctrlKey || e.metaKey) && key !== "Enter")) return null;
    if (e.shiftKey && PAN[key]) return () => state.map.panBy(PAN[key], { animate: false });
    const acts = {
      ArrowDown: () => go(1), ArrowUp: () => go(-1),
      ArrowRight: () => goTo(1, isZone), ArrowLeft: () => goTo(-1, isZone),
      PageDown: () => goTo(1, startsSector), PageUp: () => goTo(-1, startsSector),
      Home: () => focus(keys.items[0].id), End: () => focus(keys.items.at(-1).id),
      Enter: () => choose(current(), e.ctrlKey || e.metaKey), " ": () => choose(current(), false),
      "+": () => state.map.zoomIn(undefined, { animate: false }), "-": () => state.map.zoomOut(undefined, { animate: false }),
      m: destinations, M: destinations,
    };
    return acts[key] || null;
  }

  const rankNow = () => keys.items.findIndex(({ key }) => key === keys.at);
  const isZone = ({ kind }) => kind === "zone";
  const startsSector = (item, rank) => isZone(item) && (rank === 0 || keys.items[rank - 1].sector !== item.sector);

  // the next one, or the one before; the first comes after the last
  function go(step) {
    const count = keys.items.length;
    focus(keys.items[(rankNow() + step + count) % count].id);
  }

  function goTo(step, wanted) {
    const count = keys.items.length;
    for (let i = 1; i <= count; i += 1) {
      const rank = (rankNow() + step * i + count * 2) % count;
      if (wanted(keys.items[rank], rank)) { focus(keys.items[rank].id); return; }
    }
  }

  function choose(item, another) {
    if (!item) return;
    const picks = another && item.kind === "lycee" && state.scene.editable;
    emit({ event: picks ? "pick" : item.kind, id: item.id });
  }

  function destinations() {
    const item = current();
    if (!item || item.kind !== "lycee" || !state.scene.editable) return;
    release();
    emit({ event: "destinations", id: item.id });
  }

  return { setup, drawn, focus };
};
