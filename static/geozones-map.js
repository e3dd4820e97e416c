// Draws a Scene with Leaflet, and says what the user did to it.
//
// setup(map, base)   once: panes, borders of the départements, controls, label placement.
// draw(group, scene) at each run: what changed since the last one. The group the component brings
//                    stays empty: it would be thrown away, with all it holds, at the next run.
//
// create()           another such set, for a page with two maps.
//
// Names come from people: they only ever enter the page as text, never as HTML.
window.geozones = (function create() {
  "use strict";

  const PANES = { zones: 400, patches: 405, outlines: 410, borders: 420, selection: 430, ways: 440, lycees: 600, labels: 620 };
  // how lycées are drawn below a zoom: a class, and pixels between the centres of two of them
  const SIZES = [[7.6, "gz-tiny", 8.5], [9, "gz-far", 10.5], [99, "gz-near", 14]];
  const state = { map: null, scene: null, viewKey: null, markers: [], labels: [], drawn: {}, told: 0 };
  const shapes = {};
  const known = {};
  const sizes = new Map();

  // A value replaces the one before it, read or not: the last gestures all go with each, numbered.
  const REPEATED = 12;
  const visit = `${Date.now()}-${Math.random()}`;
  const gestures = [];

  function emit(event) {
    state.told += 1;
    gestures.push({ ...event, rank: state.told });
    gestures.splice(0, gestures.length - REPEATED);
    if (window.Streamlit) window.Streamlit.setComponentValue({ visit, gestures });
    // outside the app (an exported page), the page itself answers
    else window.dispatchEvent(new CustomEvent("geozones", { detail: event }));
  }

  // -- set-up ------------------------------------------------------------------------------------

  // shapes come once, from a file or along with the first scene that needs them; so do the zones,
  // lycées and names of the shipped plan, that a scene then names by their key
  function learn(found, entries) {
    for (const [key, polygons] of Object.entries(found)) {
      shapes[key] = { type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map(points)) };
    }
    Object.assign(known, entries);
  }

  // a ring is its first point, then the way from each point to the next, in 1/100,000 of a degree
  function points(deltas) {
    const ring = [];
    for (let i = 0, x = 0, y = 0; i < deltas.length; i += 2) {
      x += deltas[i];
      y += deltas[i + 1];
      ring.push([x / 1e5, y / 1e5]);
    }
    return ring;
  }

  function whole(scene) {
    const full = (items) => items.map((item) => (typeof item === "string" ? known[item] : item));
    const lists = ["zones", "sectors", "lycees", "labels", "patches", "ways"];
    return { ...scene, ...Object.fromEntries(lists.map((name) => [name, full(scene[name])])) };
  }

  function setup(map, base) {
    state.map = map;
    learn(base.shapes);
    for (const [name, level] of Object.entries(PANES)) {
      map.createPane(name).style.zIndex = level;
    }
    for (const name of ["outlines", "borders", "selection", "labels"]) {
      map.getPane(name).style.pointerEvents = "none";
    }
    addBorders(map, base.departements);
    L.control.zoom({ position: "topright", zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false, maxWidth: 140 }).addTo(map);
    map.on("resize", () => sizes.clear()); // a narrow screen has smaller names
    map.on("zoomend resize viewreset", arrange);
    map.on("moveend", placeLabels);
    document.documentElement.lang = "fr";
    const box = map.getContainer();
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", "Carte des secteurs et des zones de continuité ; le tableau de la page donne la même chose au clavier");
    // the map has the focus after a drag: Ctrl+Z must work from there too
    document.addEventListener("keydown", (e) => {
      const key = e.key.toLowerCase();
      if (!(e.ctrlKey || e.metaKey) || (key !== "z" && key !== "y")) return;
      e.preventDefault();
      emit({ event: key === "y" || e.shiftKey ? "redo" : "undo" });
    });
    new ResizeObserver(() => {
      map.invalidateSize({ pan: false });
      if (state.scene && !state.touched) fit(state.scene.view);
    }).observe(box);
    for (const sign of ["mousedown", "wheel", "touchstart"]) {
      box.addEventListener(sign, () => { state.touched = true; }, { passive: true });
    }
  }

  function addBorders(map, departements) {
    state.borders = L.layerGroup(departements.map((shape) => L.geoJSON(shapes[shape], {
      pane: "borders",
      interactive: false,
      style: { fill: false, color: "#20303a", weight: 1.1, opacity: 0.75, dashArray: "1 4", lineCap: "round" },
    }))).addTo(map);
  }

  // -- drawing -----------------------------------------------------------------------------------

  function draw(group, sent) {
    // the component keeps every group it ever drew: let the old ones go
    if (window.feature_group) window.feature_group.length = 0;
    learn(sent.shapes);
    const scene = whole(sent);
    state.scene = scene;
    const layers = { lycees: true, labels: true, departements: true, ...scene.layers };
    toggle(state.borders, layers.departements);
    keep("tiles", scene.tiles ? [{ id: scene.tiles[0], attribution: scene.tiles[1] }] : [], tileLayer);
    const overTiles = Boolean(scene.tiles);
    const chosen = scene.zones.filter((zone) => scene.selected_zones.includes(zone.id));
    keep("zones", scene.zones.map((zone) => ({ ...zone, overTiles })), zoneLayer);
    keep("patches", scene.patches, patchLayer);
    keep("sectors", scene.sectors, outlineLayer);
    keep("ways", scene.ways, wayLayer);
    keep("pin", scene.pin ? [{ id: "pin", ...scene.pin }] : [], pinLayer);
    keep("selection", chosen.map(({ id, shape }) => ({ id, shape })), selectionLayer);
    keep("lycees", !layers.lycees ? [] : scene.lycees.map((lycee) => ({
      ...lycee,
      chosen: lycee.id === scene.selected,
      picked: scene.picked.includes(lycee.id),
      movable: scene.editable || scene.placing,
    })), lyceeLayer);
    keep("labels", !layers.labels ? [] : scene.labels.map((label) => ({
      ...label, id: `${label.kind} ${label.text} ${label.at}`,
    })), labelLayer);
    state.markers = [...state.drawn.lycees.values()].map(({ item, layer }) => ({ marker: layer, item, at: L.latLng(item.at) }));
    state.labels = [...state.drawn.labels.values()].map(({ item, layer }) => ({ marker: layer, label: item }));
    if (state.viewKey !== scene.view.key) {
      const glides = state.map.options.glides && state.viewKey !== null;
      state.viewKey = scene.view.key;
      state.touched = false;
      fit(scene.view, glides);
    }
    if (state.selected !== scene.selected) bring(scene);
    spread();
    // the colours first, then the names: placing them takes as long as all the rest
    clearTimeout(state.naming);
    state.naming = setTimeout(placeLabels, 0);
    const box = state.map.getContainer();
    box.classList.remove("gz-busy");
    box.dataset.draws = String(Number(box.dataset.draws || 0) + 1);
  }

  // What has not changed since the last drawing stays on the map: a move redraws two zones.
  function keep(kind, items, make) {
    const before = state.drawn[kind] || new Map();
    const after = new Map();
    for (const item of items) {
      const sign = JSON.stringify(item);
      const old = before.get(item.id);
      if (old && old.sign === sign) {
        before.delete(item.id);
        after.set(item.id, old);
      } else {
        after.set(item.id, { item, sign, layer: make(item) });
      }
    }
    before.forEach(({ layer }) => {
      if (layer.closeTooltip) layer.closeTooltip();
      layer.remove();
    });
    after.forEach(({ layer }) => { if (!state.map.hasLayer(layer)) layer.addTo(state.map); });
    state.drawn[kind] = after;
  }

  // a lycée chosen in the list may be out of sight
  function bring(scene) {
    state.selected = scene.selected;
    const lycee = scene.lycees.find((entry) => entry.id === scene.selected);
    if (lycee && !state.map.getBounds().contains(lycee.at)) state.map.panTo(lycee.at, { animate: false });
  }

  function toggle(layer, shown) {
    if (shown) layer.addTo(state.map);
    else layer.remove();
  }

  function fit(view, glides) {
    const padding = [14, 14];
    if (glides) state.map.flyToBounds(view.bounds, { padding, duration: 1.1, easeLinearity: 0.3 });
    else state.map.fitBounds(view.bounds, { animate: false, padding });
  }

  function tileLayer({ id: url, attribution }) {
    const tiles = L.tileLayer(url, { attribution, maxZoom: 18 });
    tiles.once("tileerror", () => emit({ event: "tiles-failed" }));
    return tiles;
  }

  function hatch(id, colour, ink) {
    if (document.getElementById(id)) return;
    const ns = "http://www.w3.org/2000/svg";
    let defs = document.getElementById("gz-defs");
    if (!defs) {
      const svg = document.createElementNS(ns, "svg");
      svg.setAttribute("width", "0");
      svg.setAttribute("height", "0");
      svg.setAttribute("aria-hidden", "true");
      svg.style.position = "absolute";
      defs = document.createElementNS(ns, "defs");
      defs.id = "gz-defs";
      svg.appendChild(defs);
      document.body.appendChild(svg);
    }
    const pattern = document.createElementNS(ns, "pattern");
    const set = (element, values) => Object.entries(values).forEach(([k, v]) => element.setAttribute(k, v));
    set(pattern, { id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    const ground = document.createElementNS(ns, "rect");
    set(ground, { width: 7, height: 7, fill: colour });
    const line = document.createElementNS(ns, "rect");
    set(line, { width: 1.8, height: 7, ...stripe(colour, ink) });
    pattern.append(ground, line);
    defs.appendChild(pattern);
  }

  // white lines do not show on a pale colour: darker ones there
  function stripe(colour, ink) {
    const [red, green, blue] = [1, 3, 5].map((i) => (parseInt(colour.slice(i, i + 2), 16) / 255) ** 2.2);
    const pale = 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) < 1.45;
    return pale ? { fill: ink, "fill-opacity": 0.24 } : { fill: "#ffffff", "fill-opacity": 0.62 };
  }

  function zoneStyle(zone) {
    let fill = zone.colour;
    if (zone.draft || zone.changed) {
      const id = `gz-hatch-${zone.colour.slice(1)}`;
      hatch(id, zone.colour, zone.ink);
      fill = `url(#${id})`;
    }
    const strength = zone.overTiles ? 0.6 : 1;
    return {
      pane: "zones",
      className: "gz-zone",
      fillColor: fill,
      fillOpacity: (zone.deployed ? 1 : 0.28) * (zone.aside ? 0.45 : 1) * strength,
      color: "#ffffff",
      weight: 1.4,
      opacity: 0.95,
      lineJoin: "round",
      smoothFactor: 0.5,
    };
  }

  function zoneLayer(zone) {
    const layer = L.geoJSON(shapes[zone.shape], { style: zoneStyle(zone), pane: "zones" });
    layer.bindTooltip(() => card(zone.name, zone.facts, zone.note), { sticky: true, className: "gz-tip", opacity: 1 });
    layer.on("mouseover", () => layer.setStyle({ color: zone.ink, weight: 2.4 }).bringToFront());
    layer.on("mouseout", () => layer.setStyle({ color: "#ffffff", weight: 1.4 }));
    layer.on("click", (e) => {
      L.DomEvent.stop(e);
      emit({ event: "zone", id: zone.id });
    });
    layer.eachLayer((part) => part.on("add", () => {
      part._path.setAttribute("data-zone", zone.id);
      part._path.setAttribute("data-colour", zone.colour);
    }));
    return layer;
  }

  function outlineLayer(sector) {
    return L.geoJSON(shapes[sector.shape], {
      pane: "outlines",
      interactive: false,
      style: {
        pane: "outlines", interactive: false, fill: false, lineJoin: "round", smoothFactor: 0.5,
        color: sector.ink, weight: 2.2, opacity: 0.9, dashArray: sector.draft ? "7 5" : null,
      },
    });
  }

  function selectionLayer(zone) {
    const shape = { pane: "selection", interactive: false, fill: false, lineJoin: "round" };
    const around = (style) => L.geoJSON(shapes[zone.shape], { pane: "selection", interactive: false, style: { ...shape, ...style } });
    return L.layerGroup([
      around({ color: "#ffffff", weight: 6.5, opacity: 0.95 }),
      around({ color: "#15202b", weight: 3 }),
    ]);
  }

  // over a thousand communes: drawn as pixels, not as elements
  function patchLayer(patch) {
    state.canvas = state.canvas || L.canvas({ pane: "patches", padding: 0.3 });
    const layer = L.geoJSON(shapes[patch.shape], {
      pane: "patches",
      renderer: state.canvas,
      style: { pane: "patches", renderer: state.canvas, fillColor: patch.colour, fillOpacity: 1, color: "#ffffff", weight: 0.6, opacity: 0.8 },
    });
    layer.bindTooltip(() => card(patch.name, patch.facts), { sticky: true, className: "gz-tip", opacity: 1 });
    return layer;
  }

  function wayLayer(way) {
    const line = (style) => L.polyline(way.points, { pane: "ways", interactive: false, lineCap: "round", ...style });
    const dashed = way.straight ? { dashArray: "2 9" } : {};
    const top = line({ color: "#c2410c", weight: 4, ...dashed, interactive: true });
    top.bindTooltip(() => card("Trajet", way.facts), { sticky: true, className: "gz-tip", opacity: 1 });
    return L.layerGroup([line({ color: "#ffffff", weight: 8, opacity: 0.9 }), top]);
  }

  function pinLayer(pin) {
    const icon = L.divIcon({ className: "gz-pin", iconSize: [18, 18], html: "<i></i>" });
    const marker = L.marker(pin.at, { icon, pane: "lycees", keyboard: false, zIndexOffset: 950 });
    marker.bindTooltip(() => card(pin.name, []), { className: "gz-tip", opacity: 1, direction: "top", offset: [0, -8] });
    return marker;
  }

  function lyceeLayer(lycee) {
    const support = lycee.role === "support";
    const { chosen, picked, movable } = lycee;
    const icon = L.divIcon({
      className: "gz-lycee",
      iconSize: support || chosen ? [18, 18] : [14, 14],
      html: "<i></i>",
    });
    const marker = L.marker(lycee.at, {
      icon, pane: "lycees", draggable: movable, keyboard: false, riseOnHover: true,
      autoPan: movable, bubblingMouseEvents: false, zIndexOffset: chosen ? 900 : support ? 300 : 0,
    });
    marker.on("add", () => {
      const element = marker.getElement();
      Object.assign(element.dataset, { uai: lycee.id, zone: lycee.zone, colour: lycee.ink });
      element.setAttribute("aria-hidden", "true");
      element.style.setProperty("--ink", lycee.ink);
      element.dataset.precision = lycee.precision;
      element.classList.add(`gz-at-${lycee.precision}`);
      element.classList.toggle("gz-support", support);
      element.classList.toggle("gz-chosen", chosen);
      element.classList.toggle("gz-picked", picked);
      element.classList.toggle("gz-movable", movable);
    });
    marker.bindTooltip(() => card(lycee.name, lycee.facts), { className: "gz-tip", opacity: 1, direction: "top", offset: [0, -8] });
    // with Ctrl or Shift, one more of those to move together
    marker.on("click", (e) => {
      const { ctrlKey, metaKey, shiftKey } = e.originalEvent || {};
      emit({ event: movable && (ctrlKey || metaKey || shiftKey) ? "pick" : "lycee", id: lycee.id });
    });
    if (movable) marker.on("dragend", () => drop(marker, lycee));
    marker.on("dragstart", () => { state.touched = true; marker.closeTooltip(); });
    return marker;
  }

  function drop(marker, lycee) {
    const at = marker.getLatLng();
    const box = state.map.getContainer();
    box.classList.add("gz-busy");
    setTimeout(() => box.classList.remove("gz-busy"), 2000); // a refused drop draws nothing new
    emit({ event: state.scene.placing ? "place" : "drop", id: lycee.id, lat: at.lat, lon: at.lng });
    // it is its zone that changes, or the place has yet to be taken: the lycée stays where it is
    spread();
  }

  function labelLayer(label) {
    const icon = L.divIcon({ className: `gz-label gz-label-${label.kind}`, iconSize: null, html: "" });
    const marker = L.marker(label.at, { icon, pane: "labels", interactive: false, keyboard: false });
    marker.on("add", () => {
      const element = marker.getElement();
      const span = document.createElement("span");
      span.textContent = label.text;
      span.style.color = label.ink;
      element.replaceChildren(span);
      element.style.visibility = "hidden";
    });
    return marker;
  }

  function card(title, facts, remark) {
    const box = document.createElement("div");
    const head = document.createElement("strong");
    head.textContent = title;
    box.appendChild(head);
    if (remark) {
      const note = document.createElement("em");
      note.textContent = remark;
      box.appendChild(note);
    }
    const list = document.createElement("dl");
    for (const [name, value] of facts) {
      const term = document.createElement("dt");
      term.textContent = name;
      const text = document.createElement("dd");
      text.textContent = value;
      list.append(term, text);
    }
    box.appendChild(list);
    return box;
  }

  // -- lycées that would hide one another are spread, names that would collide are moved or hidden --

  function arrange() {
    if (!state.scene) return;
    spread();
    placeLabels();
  }

  function spread() {
    const map = state.map;
    const [, size, apart] = SIZES.find(([zoom]) => map.getZoom() < zoom);
    SIZES.forEach(([, name]) => map.getContainer().classList.toggle(name, name === size));
    // a move changes the zone of a lycée, not its place
    const sign = `${map.getZoom()} ${state.markers.map(({ at }) => `${at.lat} ${at.lng}`)}`;
    if (sign !== state.spreadFor) {
      state.spots = apartFrom(state.markers.map(({ at }) => at), apart);
      state.spreadFor = sign;
    }
    state.markers.forEach(({ marker }, i) => {
      if (!marker.getLatLng().equals(state.spots[i])) marker.setLatLng(state.spots[i]);
    });
  }

  // places on the map for lycées at `places`, `apart` pixels from one another at least
  function apartFrom(places, apart) {
    const map = state.map;
    const points = places.map((at) => map.latLngToLayerPoint(at));
    const home = points.map((p) => p.clone());
    for (let round = 0; round < 40; round += 1) {
      let moved = false;
      for (let i = 0; i < points.length; i += 1) {
        for (let j = i + 1; j < points.length; j += 1) {
          let dx = points[j].x - points[i].x;
          let dy = points[j].y - points[i].y;
          let gap = Math.hypot(dx, dy);
          if (gap >= apart) continue;
          if (gap < 0.01) { dx = Math.cos(i + j); dy = Math.sin(i + j); gap = 1; }
          const push = (apart - gap) / 2 + 0.05;
          points[i].x -= (dx / gap) * push;
          points[i].y -= (dy / gap) * push;
          points[j].x += (dx / gap) * push;
          points[j].y += (dy / gap) * push;
          moved = true;
        }
      }
      if (!moved) break;
    }
    return places.map((at, i) => (points[i].distanceTo(home[i]) < 0.5 ? at : map.layerPointToLatLng(points[i])));
  }

  const MIN_ZOOM = { sector: 0, zone: 9, town: 7.5, lycee: 0 };
  // where a name may go, in widths and heights of its box from its point, the best first
  const TRIES = [[0, 0], [0, -1], [0, 1], [0.3, 0], [-0.3, 0], [0.3, -1], [-0.3, -1], [0.3, 1], [-0.3, 1], [0, -2], [0, 2], [0.6, 0], [-0.6, 0], [0.5, -2], [-0.5, -2], [0.5, 2], [-0.5, 2]];

  function placeLabels() {
    const map = state.map;
    const zoom = map.getZoom();
    const taken = [];
    const dots = state.markers.map(({ marker, item }) => ({
      p: map.latLngToContainerPoint(marker.getLatLng()),
      weight: item.role === "support" || item.chosen ? 12 : 1,
    }));
    const frame = map.getSize();
    const queue = [...state.labels].sort((a, b) => a.label.rank - b.label.rank);
    for (const { marker, label } of queue) {
      const element = marker.getElement();
      if (!element) continue;
      const span = element.firstChild;
      const wanted = zoom >= MIN_ZOOM[label.kind] && (label.kind !== "town" || label.rank < 8 + (zoom - 8) * 12);
      const spot = wanted ? bestSpot(map, label, span, taken, dots, frame) : null;
      element.style.visibility = spot ? "visible" : "hidden";
      if (!spot) continue;
      span.style.transform = `translate(${spot.dx}px, ${spot.dy}px)`;
      taken.push(spot.box);
    }
  }

  function bestSpot(map, label, span, taken, dots, frame) {
    const at = map.latLngToContainerPoint(label.at);
    const [width, height] = sizeOf(label, span);
    let best = null;
    // a sector's name stays on its sector, even over its points; a town's or lycée's beside them
    const beside = label.kind === "town" || label.kind === "lycee";
    const start = label.kind === "sector" ? TRIES.slice(0, 5) : beside ? TRIES.slice(1) : TRIES;
    const burden = label.kind === "sector" ? 0.5 : 3;
    start.forEach(([x, y], order) => {
      const dx = x * width - width / 2;
      const dy = y * (height + 3) - height / 2;
      const box = { left: at.x + dx, top: at.y + dy, right: at.x + dx + width, bottom: at.y + dy + height };
      const inside = box.left > 2 && box.top > 2 && box.right < frame.x - 2 && box.bottom < frame.y - 2;
      if (!inside || taken.some((other) => overlap(box, other))) return;
      const covered = dots.reduce((sum, { p, weight }) => sum + (near(p, box) ? weight : 0), 0);
      if (label.kind === "town" && covered > 1) return;
      const cost = covered * burden + order;
      if (!best || cost < best.cost) best = { cost, dx, dy, box };
    });
    return best;
  }

  // asking for a size has the browser lay the page out: once for each name
  function sizeOf(label, span) {
    const key = `${label.kind} ${label.text}`;
    if (!sizes.has(key)) sizes.set(key, [span.offsetWidth + 6, span.offsetHeight + 4]);
    return sizes.get(key);
  }

  function near(p, box) {
    return p.x > box.left - 5 && p.x < box.right + 5 && p.y > box.top - 5 && p.y < box.bottom + 5;
  }

  function overlap(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  return { learn, setup, draw, create };
})();
