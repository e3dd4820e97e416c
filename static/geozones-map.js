// Draws a Scene with Leaflet, and says what the user did to it.
//
// setup(map, base)   once: panes, the ground (land, waters, borders), controls, label placement.
// draw(group, scene) at each run: what changed since the last one. The group the component brings
//                    stays empty: it would be thrown away, with all it holds, at the next run.
//
// create()           another such set, for a page with two maps.
//
// Names come from people: they only ever enter the page as text, never as HTML.
window.geozones = (function create() {
  "use strict";

  const PANES = { land: 350, zones: 400, patches: 405, roads: 406, waters: 407, ground: 407, limits: 408, outlines: 410, borders: 420, signs: 430, ways: 440, lycees: 600, labels: 620 };
  // how lycées are drawn below a zoom: a class, and pixels between the centres of two of them
  const SIZES = [[7.6, "gz-tiny", 8.5], [9, "gz-far", 10.5], [99, "gz-near", 14]];
  // what a scene lists, each item whole or by the key under which it came
  const LISTS = ["cells", "zones", "sectors", "lycees", "labels", "patches", "ways"];
  const state = { map: null, scene: null, viewKey: null, markers: [], labels: [], groundNames: [], drawn: {}, told: 0 };
  const shapes = {};
  const known = {};

  const gestures = window.geozonesGestures(state);
  const { emit } = gestures;
  // what the page of the app lays over the map
  const PANELS = "[class*=gz-over-], .st-key-gz-chips";
  const FULL = ".st-key-gz-over-full";
  // pixels between them and what is looked at
  const EDGE = 14;
  const CROSSES = "#4f5a63";
  const SCALE_WIDTH = 140;
  const ARROW = "#15202b";

  const near = window.geozonesNear({ state, read, name: nameMore });
  const live = window.geozonesLive({ state, shapes, card, gestures, spread, zoneStyle, filled, room, near });
  const keys = window.geozonesKeys({ state, emit, around: aroundZone, release: live.release, room });
  const fixed = window.geozonesFixed({ state, room });
  const groups = window.geozonesGroups({ state, shapes, emit, live, card, look, zoneCard });
  const lasso = window.geozonesLasso({ state, emit, release: live.release, mute: live.mute });

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
    const found = Object.fromEntries(LISTS.map((name) => [name, full(scene[name])]));
    return { ...scene, ...found, cells: found.cells[0] || {} };
  }

  // Whether a scene names what never came here. The server takes what it sent for known: a scene that
  // another one overtook was not drawn, and a frame that was loaded anew knows nothing.
  function lacks(sent) {
    const unknown = (item) => typeof item === "string" && !(item in known);
    const areas = [...sent.zones, ...sent.sectors, ...sent.patches];
    return LISTS.some((name) => sent[name].some(unknown))
      || areas.some((area) => !((known[area] || area).shape in shapes));
  }

  // folium's page forbids to enlarge it; what is drawn is told by the buttons of the keyboard, and only once
  function opened(map) {
    for (const meta of document.querySelectorAll("meta[name=viewport]")) meta.content = "width=device-width, initial-scale=1";
    map.on("layeradd", ({ layer }) => { if (layer instanceof L.SVG) layer._container.setAttribute("aria-hidden", "true"); });
  }

  function setup(map, base) {
    state.map = map;
    opened(map);
    learn(base.shapes);
    state.signs = base.signs;
    for (const [name, level] of Object.entries(PANES)) {
      map.createPane(name).style.zIndex = level;
    }
    for (const name of ["land", "roads", "waters", "ground", "outlines", "borders", "signs", "labels"]) {
      map.getPane(name).style.pointerEvents = "none";
    }
    near.setup(map);
    addBorders(map, base.departements);
    if (base.land) addGround(map, base);
    const [names] = base.names.map((list) => (typeof list === "string" ? known[list] : list));
    state.groundNames = names.map((label) => ({ label, marker: null }));
    const credits = L.control.attribution({ position: "bottomright", prefix: false }).addTo(map);
    if (base.credit) credits.addAttribution(base.credit);
    if (base.roads.length) addRoads(map, base);
    L.control.zoom({ position: "bottomright", zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    state.scale = L.control.scale({ position: "bottomright", imperial: false, maxWidth: SCALE_WIDTH }).addTo(map);
    state.names = geozonesNames(map, labelLayer);
    nameInTypeface();
    map.on("zoomend resize viewreset", arrange);
    map.on("click", (e) => { if (state.scene && state.scene.siting) site(e); });
    map.on("moveend", () => { if (groups.on()) showPoints(); nameSoon(); });
    live.setup(map);
    keys.setup(map);
    lasso.setup(map);
    fixed.setup(map);
    if (window.Streamlit) gestures.watch(live.forget);
    document.documentElement.lang = "fr";
    const box = map.getContainer();
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", "Carte des secteurs et des zones de continuité");
    // the map has the focus after a drag: Ctrl+Z must work from there too
    document.addEventListener("keydown", (e) => {
      const key = e.key.toLowerCase();
      if (key === "escape") window.frameElement?.ownerDocument.querySelector(`${FULL} button`)?.click();
      if (!(e.ctrlKey || e.metaKey) || (key !== "z" && key !== "y")) return;
      e.preventDefault();
      emit({ event: key === "y" || e.shiftKey ? "redo" : "undo", head: state.scene ? state.scene.head : null });
    });
    new ResizeObserver(() => {
      map.invalidateSize({ pan: false });
      if (state.scene && !state.touched) fit(state.scene.view);
    }).observe(box);
    followPanels();
    // where the panel follows the map, the wheel scrolls the page; with Ctrl it enlarges the map
    box.addEventListener("wheel", (e) => { if (!e.ctrlKey && flows()) e.stopImmediatePropagation(); }, { capture: true, passive: true });
    for (const sign of ["mousedown", "wheel", "touchstart"]) {
      box.addEventListener(sign, () => { Object.assign(state, { touched: true, reveals: false }); }, { passive: true });
    }
  }

  // the page says so by its style sheet
  function flows() {
    const page = window.frameElement?.ownerDocument;
    return Boolean(page) && getComputedStyle(page.body).getPropertyValue("--gz-flows") !== "";
  }

  function addBorders(map, departements) {
    const style = { fill: false, color: "#20303a", weight: 1.1, opacity: 0.75, dashArray: "1 4", lineCap: "round" };
    state.borders = L.layerGroup(departements.map(({ id, shape }) => near.follow(
      L.geoJSON(shapes[shape], { pane: "borders", interactive: false, style }), { departement: id },
    ))).addTo(map);
  }

  // what does not change: drawn once, under the zones (land) and over them (waters)
  function addGround(map, base) {
    map.getContainer().classList.add("gz-sea");
    const quiet = { interactive: false };
    const area = (shape, pane, fillColor) => L.geoJSON(shapes[shape], {
      ...quiet, pane, style: { ...quiet, pane, stroke: false, fillColor, fillOpacity: 1 },
    });
    const line = (shape, pane, style) => L.geoJSON(
      { type: "MultiLineString", coordinates: shapes[shape].coordinates.flat() },
      { ...quiet, pane, style: { ...quiet, pane, fill: false, lineCap: "round", lineJoin: "round", ...style } },
    );
    const coast = L.geoJSON(shapes[base.land], {
      ...quiet, pane: "land", style: { ...quiet, pane: "land", fillColor: "#f4f2ec", fillOpacity: 1, color: "#b9cdd8", weight: 1 },
    });
    const borders = base.borders ? [line(base.borders, "land", { color: "#c9c6bd", weight: 1, dashArray: "5 4", lineCap: "butt" })] : [];
    const rivers = base.rivers.map(({ rank, shape }) => ({ rank, layer: line(shape, "waters", { color: "#8fbddb", opacity: 0.95 }) }));
    const wide = () => rivers.forEach(({ rank, layer }) => layer.setStyle({ weight: riverWidth(rank, map.getZoom()) }));
    wide();
    map.on("zoomend", wide);
    state.ground = L.layerGroup([
      coast, ...borders, ...base.lakes.map((shape) => area(shape, "waters", "#8fbddb")), ...rivers.map(({ layer }) => layer),
    ]).addTo(map);
  }

  // pixels of a river's stroke: it grows with the map, less than the map does
  function riverWidth(rank, zoom) {
    return [4.6, 1.7, 1.1][rank - 1] * 2 ** ((Math.min(zoom, 12) - 8.5) * 0.5);
  }

  // quiet lines over the zones, under all borders and names; lines of a kind are one layer, on the map
  // at its zooms only, and so is their credit
  const ROADS = {
    motorway: [{ color: "#6f7a81", weight: 2.8, opacity: 0.55 }, { color: "#f3f3f0", weight: 1.2, opacity: 0.9 }],
  };
  function addRoads(map, base) {
    const quiet = { interactive: false, pane: "roads", fill: false, lineCap: "round", lineJoin: "round" };
    const roads = base.roads.map(({ kind, zooms, shape }) => {
      const lines = { type: "MultiLineString", coordinates: shapes[shape].coordinates.flat() };
      const layer = L.layerGroup(ROADS[kind].map((style) => L.geoJSON(lines, { ...quiet, style: { ...quiet, className: `gz-road-${kind}`, ...style } })));
      layer.getAttribution = () => base.roadsNote;
      return { zooms, layer };
    });
    state.roads = L.layerGroup();
    const show = () => roads.forEach(({ zooms: [from, to], layer }) => {
      const seen = map.getZoom() >= from && map.getZoom() < to;
      if (seen !== state.roads.hasLayer(layer)) state.roads[seen ? "addLayer" : "removeLayer"](layer);
    });
    map.on("zoomend", show);
    show();
  }

  // -- drawing -----------------------------------------------------------------------------------

  // parts of the library that a scene needs and the map did not begin with: each is read once
  const parts = {};
  function readPart(file) {
    const script = document.createElement("script");
    parts[file] = { read: false, done: new Promise((done) => { script.onload = script.onerror = done; }) };
    parts[file].done.then(() => { parts[file].read = true; });
    script.src = file;
    document.head.append(script);
  }

  function waitsFor(files, then) {
    files.filter((file) => !parts[file]).forEach(readPart);
    const waited = files.map((file) => parts[file]).filter((part) => !part.read);
    if (waited.length) Promise.all(waited.map((part) => part.done)).then(then);
    return waited.length > 0;
  }

  // a part that nothing waits for
  function read(file, then) {
    if (!parts[file]) waitsFor([file], then);
  }

  function draw(group, sent) {
    state.told ||= sent.answered || 0; // a map drawn anew goes on counting: no number is used twice in a session
    state.sent = sent;
    learn(sent.shapes, sent.entries);
    if (waitsFor(sent.files || [], () => { if (state.sent === sent) draw(group, sent); })) return;
    if (live.holds(() => draw(group, sent))) return;
    // the component keeps every group it ever drew: let the old ones go
    if (window.feature_group) window.feature_group.length = 0;
    if (lacks(sent)) {
      if (!state.asked) emit({ event: "unknown" });
      state.asked = true;
      return;
    }
    state.asked = false;
    const scene = whole(sent);
    state.scene = scene;
    groups.read(scene);
    const layers = { lycees: true, labels: true, departements: true, ...scene.layers };
    toggle(state.borders, layers.departements);
    keep("tiles", scene.tiles ? [{ id: scene.tiles[0], attribution: scene.tiles[1] }] : [], tileLayer);
    const overTiles = Boolean(scene.tiles);
    if (state.ground) toggle(state.ground, !overTiles);
    if (state.roads) toggle(state.roads, !overTiles);
    keep("zones", scene.zones.map((zone) => ({ ...zone, overTiles })), zoneLayer);
    keep("patches", scene.patches, patchLayer);
    if (!scene.patches.length && state.canvas) {
      // left there, empty, it would take the clicks meant for the zones
      state.canvas.remove();
      state.canvas = null;
    }
    // patches hide the zones: only their borders are seen over them, as around the zones of a change
    keep("limits", scene.patches.length || scene.arrows ? scene.zones.map(({ id, shape, ink, aside }) => ({ id, shape, ink, strong: Boolean(scene.arrows) && !aside })) : [], limitLayer);
    keep("sectors", scene.sectors, outlineLayer);
    keep("ways", scene.ways, wayLayer);
    keep("arrows", (scene.arrows || []).map((points) => ({ id: `${points}`, points })), arrowLayer);
    keep("pin", scene.pin ? [{ id: "pin", ...scene.pin }] : [], pinLayer);
    keep("signs", scene.zones.flatMap((zone) => signsOf(zone, scene.selected_zones)), signLayer);
    const said = new Map((scene.said || []).map((mark) => [mark.of, mark]));
    keep("said", [...said.values()].filter(({ of }) => !of.startsWith("lycee:")).map((mark) => ({ ...mark, id: mark.of })), saidLayer);
    keep("lycees", !layers.lycees ? [] : scene.lycees.map((lycee) => ({
      ...lycee,
      chosen: lycee.id === scene.selected,
      picked: scene.picked.includes(lycee.id),
      movable: scene.editable,
      said: said.get(`lycee:${lycee.id}`) || null,
    })), lyceeLayer, groups.on());
    keep("labels", !layers.labels ? [] : scene.labels.map((label) => ({
      ...label, id: `${label.kind} ${label.of || label.text} ${label.at}`,
    })), labelLayer, true);
    state.markers = [...state.drawn.lycees.values()].map(({ item, layer }) => ({ marker: layer, item, at: L.latLng(item.at) }));
    const labels = [...state.drawn.labels.values()].map((kept) => (kept.name ||= { marker: kept.layer, label: kept.item }));
    if (layers.labels) labels.push(...state.groundNames);
    else state.groundNames.forEach(({ marker }) => { if (marker) marker.remove(); });
    if (state.viewKey !== scene.view.key) {
      const glides = state.map.options.glides && state.viewKey !== null;
      state.viewKey = scene.view.key;
      state.touched = false;
      fit(scene.view, glides);
    }
    bring(scene);
    drawGroups();
    spread();
    nameAnew(labels);
    const box = state.map.getContainer();
    gestures.drawn(scene);
    near.update();
    live.drawn(scene);
    keys.drawn(scene);
    box.classList.remove("gz-busy");
    box.classList.toggle("gz-siting", scene.siting);
    box.dataset.draws = String(Number(box.dataset.draws || 0) + 1);
    uncover();
  }

  // What has not changed since the last drawing stays on the map: a move redraws two zones.
  // What is `later` put on the map is not put there now.
  function keep(kind, items, make, later) {
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
    before.forEach(({ layer }) => layer.remove());
    if (!later) after.forEach(({ layer }) => { if (!state.map.hasLayer(layer)) layer.addTo(state.map); });
    state.drawn[kind] = after;
  }

  // What was chosen comes into sight, in the list or under the sheet that it opens, until the map is
  // taken elsewhere.
  function bring(scene) {
    const chosen = `${scene.selected} ${scene.selected_zones}`;
    if (state.chosen !== chosen) state.reveals = true;
    state.chosen = chosen;
    reveal();
  }

  function reveal() {
    const at = state.reveals && middleOfChosen(state.scene);
    if (!at) return;
    const { x, y } = state.map.latLngToContainerPoint(at);
    const free = room();
    const away = (value, low, high) => Math.min(value - low, 0) || Math.max(value - high, 0);
    const [across, down] = [away(x, free.left, free.right), away(y, free.top, free.bottom)];
    if (across || down) state.map.panBy([across, down], { animate: false });
  }

  function middleOfChosen({ lycees, zones, selected, selected_zones: [zone] }) {
    const lycee = lycees.find(({ id }) => id === selected);
    if (lycee) return L.latLng(lycee.at);
    const area = zones.find(({ id }) => id === zone);
    return area && L.geoJSON(shapes[area.shape]).getBounds().getCenter();
  }

  function toggle(layer, shown) {
    if (shown) layer.addTo(state.map);
    else layer.remove();
  }

  function fit(view, glides) {
    const padding = clearOfPanels();
    // a country is seen whole, in a small window too
    const { options } = state.map;
    const least = options.minZoom;
    options.minZoom = 1;
    const whole = state.map.getBoundsZoom(view.bounds, false, L.point(padding.paddingTopLeft).add(padding.paddingBottomRight));
    options.minZoom = Math.min(least, whole);
    if (glides) state.map.flyToBounds(view.bounds, { ...padding, duration: 1.1, easeLinearity: 0.3 });
    else state.map.fitBounds(view.bounds, { animate: false, ...padding });
  }

  // a panel that comes, goes or grows leaves another room for what is looked at
  function followPanels() {
    const frame = window.frameElement;
    if (!frame) return;
    let before = "";
    const look = () => {
      const clear = clearOfPanels();
      state.clear = clear;
      const room = JSON.stringify(clear);
      // the credit, the scale and the buttons of the map stay in view
      ["right", "bottom"].forEach((side, axis) =>
        state.map.getContainer().style.setProperty(`--clear-${side}`, `${clear.paddingBottomRight[axis] - EDGE}px`));
      if (room !== before && state.scene && !state.touched) fit(state.scene.view);
      if (room !== before && state.scene) reveal();
      if (room !== before) live.placeScale();
      before = room;
      uncover();
    };
    const sizes = new frame.ownerDocument.defaultView.ResizeObserver(look);
    sizes.observe(frame);
    const seen = new WeakSet();
    const find = () => {
      frame.ownerDocument.querySelectorAll(PANELS).forEach((panel) => {
        if (!seen.has(panel)) sizes.observe(panel);
        seen.add(panel);
      });
      enlarge(frame.ownerDocument);
    };
    new frame.ownerDocument.defaultView.MutationObserver(find).observe(frame.ownerDocument.body, { childList: true, subtree: true });
    find();
  }

  // the page begins with a picture of the plan: the map takes its place once it lies where it will stay
  function uncover() {
    const page = window.frameElement && window.frameElement.ownerDocument;
    if (page && state.scene && page.querySelector(`.st-key-gz-over-left, ${FULL}`)) page.getElementById("gz-first")?.remove();
  }

  // in full screen the page doubles its type, and so do the names and signs of the map
  function enlarge(page) {
    const style = getComputedStyle(page.documentElement);
    enlargeTo(page.querySelector(FULL) ? Number(style.getPropertyValue("--gz-type")) : 1);
  }

  // names and signs `type` times as large as on the screen of one reader
  function enlargeTo(type) {
    if (type === state.type) return;
    const first = !state.type && type === 1;
    state.type = type;
    if (first) return;
    document.documentElement.style.setProperty("--type", type);
    state.scale.options.maxWidth = SCALE_WIDTH * type;
    state.touched = false;
    state.spreadFor = null;
    near.repaint();
    if (!state.scene) return;
    spread();
    nameAfresh();
  }

  // the part of the map that no panel covers, in its own pixels, as last laid out
  function room() {
    const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = state.clear || clearOfPanels();
    const { x, y } = state.map.getSize();
    return { left, top, right: x - right, bottom: y - bottom };
  }

  // what is looked at goes between the panels that the page of the app lays over the map
  function clearOfPanels() {
    const box = state.map.getContainer().getBoundingClientRect();
    const cover = { left: 0, right: 0, top: 0, bottom: 0 };
    const frame = window.frameElement;
    const panels = frame ? frame.ownerDocument.querySelectorAll(PANELS) : [];
    const at = frame ? frame.getBoundingClientRect() : box;
    for (const panel of panels) {
      const { left, right, top, bottom, width } = panel.getBoundingClientRect();
      // on a very low window panels follow the map, and lie over no part of it
      if (!width || top >= at.bottom || bottom <= at.top) continue;
      // chips are a line at the top; on a phone, whichever it is, a panel is a sheet from the bottom
      const [, lies] = /gz-over-(left|right)/.exec(panel.className.replace("gz-over-full", "gz-over-left")) || [null, "top"];
      const side = lies !== "top" && width > box.width * 0.7 ? "bottom" : lies;
      const reach = { left: right - at.left, right: at.right - left, top: bottom - at.top, bottom: at.bottom - top };
      cover[side] = Math.max(cover[side], reach[side]);
    }
    const most = { x: box.width * 0.7, y: box.height * 0.7 };
    if (cover.left + cover.right > most.x) cover.left = cover.right = 0;
    if (cover.bottom > most.y) cover.bottom = 0;
    return {
      paddingTopLeft: [cover.left + EDGE, cover.top + EDGE],
      paddingBottomRight: [cover.right + EDGE, cover.bottom + EDGE],
    };
  }

  function tileLayer({ id: url, attribution }) {
    const tiles = L.tileLayer(url, { attribution, maxZoom: 18 });
    tiles.once("tileerror", () => emit({ event: "tiles-failed" }));
    return tiles;
  }

  // The fill of a zone: its colour, with the hatching of a draft (`ink`) and the crosses of a refused move.
  function filled(colour, ink, crossed = false) {
    if (!ink && !crossed) return colour;
    const id = `gz-${ink ? "hatch" : "cross"}-${[colour, ink || "", crossed ? "x" : ""].join("-").replaceAll("#", "")}`;
    if (!document.getElementById(id)) patterns().appendChild(pattern(id, colour, ink, crossed));
    return `url(#${id})`;
  }

  function svg(name, values, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(values).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  }

  function patterns() {
    const known = document.getElementById("gz-defs");
    if (known) return known;
    const made = svg("defs", { id: "gz-defs" });
    document.body.appendChild(svg("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position: absolute" }, made));
    return made;
  }

  // turned by 45°: upright lines are the hatching, a plus is a cross
  function pattern(id, colour, ink, crossed) {
    const { step, width } = state.signs.hatch;
    const side = crossed ? 4 * step : step;
    const parts = [svg("rect", { width: side, height: side, fill: colour })];
    for (let x = 0; ink && x < side; x += step) parts.push(svg("rect", { x, width, height: side, fill: ink }));
    if (crossed) parts.push(svg("path", { d: `M ${side / 4} ${side / 2} h ${side / 2} M ${side / 2} ${side / 4} v ${side / 2}`, stroke: CROSSES, "stroke-width": 1.6 }));
    return svg("pattern", { id, width: side, height: side, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, ...parts);
  }

  function zoneStyle(zone) {
    const strength = zone.overTiles ? 0.6 : 1;
    return {
      pane: "zones",
      className: "gz-zone",
      fillColor: filled(zone.colour, zone.hatch),
      fillOpacity: (zone.deployed ? 1 : 0.28) * (zone.aside ? 0.45 : 1) * strength,
      color: "#ffffff",
      weight: 1.8,
      opacity: 0.95,
      lineJoin: "round",
      smoothFactor: 0.5,
    };
  }

  // where a lycée is to open
  function site({ latlng }) {
    emit({ event: "site", lat: latlng.lat, lon: latlng.lng });
  }

  function zoneLayer(zone) {
    const layer = L.geoJSON(shapes[zone.shape], { style: zoneStyle(zone), pane: "zones" });
    near.follow(layer, ofZones([zone.id]));
    const grouped = () => groups.levelOf(zone.sector) === groups.SECTOR;
    live.tell(layer, () => (grouped() && !live.hintCard(zone) ? groups.cardOf(zone.sector) : zoneCard(zone)));
    layer.on("mouseover", () => layer.setStyle({ color: zone.ink, weight: 2.4 }).bringToFront());
    layer.on("mouseout", () => layer.setStyle({ color: "#ffffff", weight: 1.8 }));
    layer.on("click", (e) => {
      L.DomEvent.stop(e);
      if (state.scene.siting) site(e);
      else if (grouped()) groups.open("sector", zone.sector);
      else emit({ event: "zone", id: zone.id });
    });
    layer.eachLayer((part) => part.on("add", () => {
      part._path.setAttribute("data-zone", zone.id);
      part._path.setAttribute("data-colour", zone.colour);
    }));
    return layer;
  }

  function zoneCard(zone) {
    return live.hintCard(zone) || card(zone.name, zone.facts, zone.note);
  }

  function look(bounds) {
    state.touched = true;
    state.map.fitBounds(bounds, { animate: false, ...clearOfPanels() });
  }

  // lines around a shape, the first one lowest
  function around(shape, pane, lines) {
    const style = { pane, interactive: false, fill: false, lineJoin: "round", smoothFactor: 0.5 };
    return L.layerGroup(lines.map((line) => L.geoJSON(shapes[shape], { pane, interactive: false, style: { ...style, ...line } })));
  }

  function aroundZone({ id, shape }, pane, lines) {
    return near.follow(around(shape, pane, lines), ofZones([id]));
  }

  // the lycées of some zones
  function ofZones(zones) {
    return { lycees: state.scene.lycees.filter(({ zone }) => zones.includes(zone)).map(({ id }) => id), whole: true };
  }

  function outlineLayer(sector) {
    const zones = state.scene.zones.filter((zone) => zone.sector === sector.id).map(({ id }) => id);
    return near.follow(around(sector.shape, "outlines", [
      { color: "#ffffff", weight: 4.4, opacity: 0.9 },
      { color: sector.ink, weight: 2, opacity: 0.9 },
    ]), ofZones(zones));
  }

  function limitLayer(zone) {
    const weight = (zone.strong ? 2 : 1.2) * (zone.strong ? state.type || 1 : 1);
    return aroundZone(zone, "limits", [{ color: "#ffffff", weight: weight + 1.8, opacity: 0.85 }, { color: zone.ink, weight, opacity: 0.95 }]);
  }

  // what is drawn around a zone, whatever fills it: a halo, its status, then what changed it
  function signsOf(zone, chosen) {
    const sign = zone.changed ? `${zone.status}-changed` : zone.status;
    const names = [chosen.includes(zone.id) && "halo", sign];
    return names.filter((sign) => sign && (sign === "halo" || !zone.aside) && state.signs[sign].length)
      .map((sign) => ({ id: `${sign} ${zone.id}`, sign, zone: zone.id, shape: zone.shape }));
  }

  function signLayer({ sign, zone, shape }) {
    const layer = aroundZone({ id: zone, shape }, "signs", state.signs[sign]);
    layer.eachLayer((line) => line.eachLayer((part) => part.on("add", () => {
      Object.assign(part._path.dataset, { sign, of: zone });
    })));
    return layer;
  }

  // over a thousand communes: drawn as pixels, not as elements
  function patchLayer(patch) {
    state.canvas = state.canvas || L.canvas({ pane: "patches", padding: 0.3 });
    const layer = L.geoJSON(shapes[patch.shape], {
      pane: "patches",
      renderer: state.canvas,
      style: { pane: "patches", renderer: state.canvas, fillColor: patch.colour, fillOpacity: 1, color: "#ffffff", weight: 0.6, opacity: 0.8 },
    });
    live.tell(layer, () => card(patch.name, patch.facts));
    layer.on("click", (e) => {
      L.DomEvent.stop(e);
      emit({ event: "patch", id: patch.id });
    });
    return layer;
  }

  function wayLayer(way) {
    const line = (style) => L.polyline(way.points, { pane: "ways", interactive: false, lineCap: "round", ...style });
    const dashed = way.straight ? { dashArray: "2 9" } : {};
    const top = line({ color: "#c2410c", weight: 4, ...dashed, interactive: true });
    live.tell(top, () => card("Trajet", way.facts));
    return L.layerGroup([line({ color: "#ffffff", weight: 8, opacity: 0.9 }), top]);
  }

  // from where a lycée was to where it goes
  function arrowLayer({ points }) {
    const line = (style, head) => {
      const made = L.polyline(points, { pane: "ways", interactive: false, lineCap: "butt", ...style });
      return made.on("add", () => made._path.setAttribute("marker-end", `url(#${arrowHead(head, style.color)})`));
    };
    const weight = 3 * (state.type || 1);
    return L.layerGroup([line({ color: "#ffffff", weight: 2 * weight }, 2.6), line({ color: ARROW, weight }, 3.6)]);
  }

  // its head, in widths of its line
  function arrowHead(size, fill) {
    const id = `gz-head-${fill.slice(1)}`;
    if (!document.getElementById(id)) {
      patterns().appendChild(svg("marker", { id, viewBox: "0 0 10 10", refX: 6, refY: 5, markerWidth: size, markerHeight: size, orient: "auto" },
        svg("path", { d: "M 0 0 L 10 5 L 0 10 z", fill })));
    }
    return id;
  }

  function pinLayer(pin) {
    const icon = L.divIcon({ className: "gz-pin", iconSize: [18, 18], html: "<i></i>" });
    const marker = L.marker(pin.at, { icon, pane: "lycees", keyboard: false, zIndexOffset: 950 });
    live.tell(marker, () => card(pin.name, []));
    return marker;
  }

  // how many comments there are, and the opinion of a lycée by a sign: never by its colour alone
  const STANCES = { favorable: "✓", réservé: "~", défavorable: "✕", attendu: "?" };

  function badge({ count, waits, stance }) {
    const box = document.createElement("b");
    box.className = "gz-said";
    const signs = [[STANCES[stance], stance], [count || "", waits ? "waits" : "done"]];
    for (const [text, tone] of signs.filter(([sign]) => sign)) {
      const sign = document.createElement("span");
      sign.textContent = text;
      sign.dataset.said = tone;
      box.append(sign);
    }
    return box;
  }

  function saidLayer(mark) {
    const icon = L.divIcon({ className: "gz-said-place", iconSize: [0, 0], html: "" });
    const marker = L.marker(mark.at, { icon, pane: "lycees", keyboard: false, zIndexOffset: 950, bubblingMouseEvents: false });
    marker.on("add", () => {
      const element = marker.getElement();
      Object.assign(element.dataset, { of: mark.of });
      element.setAttribute("aria-hidden", "true");
      element.replaceChildren(badge(mark));
    });
    live.tell(marker, () => card(mark.name, mark.facts));
    marker.on("click", () => { if (!live.gaveUp() && !lasso.tookOver()) emit({ event: "go", id: `voix:${mark.of}` }); });
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
      element.addEventListener("pointerdown", (e) => { live.press(lycee, e); lasso.pressed(marker, lycee, e); fixed.pressed(e); });
      element.addEventListener("contextmenu", (e) => { if (lasso.tookOver()) e.preventDefault(); });
      element.style.setProperty("--ink", lycee.ink);
      element.dataset.precision = lycee.precision;
      element.classList.add(`gz-at-${lycee.precision}`);
      element.classList.toggle("gz-support", support);
      element.classList.toggle("gz-chosen", chosen);
      element.classList.toggle("gz-picked", picked);
      element.classList.toggle("gz-movable", movable);
      if (lycee.said) element.append(badge(lycee.said));
    });
    live.tell(marker, () => card(lycee.name, [...lycee.facts, ...(lycee.said ? lycee.said.facts : [])]));
    // with Ctrl or Shift, one more of those to move together
    marker.on("click", (e) => {
      if (live.gaveUp() || lasso.tookOver()) return;
      if (state.scene.siting) return site({ latlng: state.map.mouseEventToLatLng(e.originalEvent) });
      const { ctrlKey, metaKey, shiftKey } = e.originalEvent || {};
      emit({ event: movable && (ctrlKey || metaKey || shiftKey) ? "pick" : "lycee", id: lycee.id });
    });
    marker.on("dragstart", () => { state.touched = true; live.grab(marker, lycee); });
    marker.on("drag", () => live.over(marker));
    marker.on("dragend", () => drop(marker, lycee));
    return marker;
  }

  function drop(marker, lycee) {
    const at = marker.getLatLng();
    const zone = live.drop(marker, lycee);
    state.map.getContainer().classList.add("gz-busy");
    emit({ event: "drop", id: lycee.id, lat: at.lat, lon: at.lng, zone });
    // it is its zone that changes, or the place has yet to be taken: the lycée stays where it is
    spread();
  }

  function labelLayer(label) {
    const icon = L.divIcon({ className: `gz-label gz-label-${label.kind}`, iconSize: null, html: "" });
    const marker = L.marker(label.at, { icon, pane: "labels", interactive: false, keyboard: false });
    marker.on("add", () => {
      const element = marker.getElement();
      const span = document.createElement("span");
      span.style.color = label.ink;
      element.replaceChildren(span, ...(["city", "town"].includes(label.kind) ? [document.createElement("i")] : []));
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
    if (groups.on()) drawGroups();
    spread();
    nameSoon();
  }

  // the marks of sites that are grouped at this zoom
  function drawGroups() {
    const shown = (state.scene.layers || {}).lycees !== false;
    const marks = shown ? groups.marks() : [];
    const spots = apartFrom(marks.map(({ at }) => L.latLng(at)), groups.apart(marks) * (state.type || 1));
    keep("groups", marks.map((mark, i) => ({ ...mark, at: [spots[i].lat, spots[i].lng] })), groups.layer);
    groups.lay();
  }

  // of a large territory, only the points in sight are on the map
  function showPoints() {
    const sight = state.map.getBounds().pad(0.2);
    state.markers.forEach(({ marker, item }) => toggle(marker, groups.shows(item) && sight.contains(marker.getLatLng())));
  }

  function spread() {
    const map = state.map;
    const [, size, apart] = SIZES.find(([zoom]) => map.getZoom() < zoom);
    SIZES.forEach(([, name]) => map.getContainer().classList.toggle(name, name === size));
    // a move changes the zone of a lycée, not its place
    const points = groups.on() ? state.markers.filter(({ item }) => groups.shows(item)) : state.markers;
    const sign = `${map.getZoom()} ${points.map(({ at }) => `${at.lat} ${at.lng}`)}`;
    if (sign !== state.spreadFor) {
      state.spots = apartFrom(points.map(({ at }) => at), apart * (state.type || 1));
      state.spreadFor = sign;
    }
    points.forEach(({ marker }, i) => {
      if (!marker.getLatLng().equals(state.spots[i])) marker.setLatLng(state.spots[i]);
    });
    if (groups.on()) showPoints();
  }

  // places on the map for lycées at `places`, `apart` pixels from one another at least
  function apartFrom(places, apart) {
    const map = state.map;
    const points = places.map((at) => map.latLngToLayerPoint(at));
    const home = points.map((p) => p.clone());
    for (let round = 0; round < 40; round += 1) {
      let moved = false;
      for (const [i, j] of closePairs(points, 3 * apart)) {
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
      if (!moved) break;
    }
    return places.map((at, i) => (points[i].distanceTo(home[i]) < 0.5 ? at : map.layerPointToLatLng(points[i])));
  }

  // the ranks of points less than `reach` pixels from one another, in order: of 2,600, few pairs of all
  function closePairs(points, reach) {
    const cells = new Map();
    const cell = ({ x, y }) => [Math.floor(x / reach), Math.floor(y / reach)];
    points.forEach((point, i) => {
      const key = `${cell(point)}`;
      cells.set(key, [...(cells.get(key) || []), i]);
    });
    return points.flatMap((point, i) => {
      const [x, y] = cell(point);
      const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(`${x + dx},${y + dy}`) || []));
      return around.filter((j) => j > i).sort((a, b) => a - b).map((j) => [i, j]);
    });
  }

  // names of the ground that came later than the map
  function nameMore(labels) {
    const more = labels.map((label) => ({ label, marker: null }));
    state.groundNames.push(...more);
    if (state.scene && (state.scene.layers || {}).labels !== false) nameAnew([...state.labels, ...more]);
  }

  // Places the names, unless they and the signs around them are those there were. Colours and the page
  // around the map come first: it takes as long as all the rest.
  function nameAnew(labels) {
    const signs = `${state.spreadFor} ${state.markers.map(({ item }) => `${item.id} ${item.role} ${item.chosen} ${Boolean(item.said)}`)}`;
    const same = labels.length === state.labels.length && labels.every((name, i) => name === state.labels[i]);
    if (same && signs === state.namedAmong) return;
    Object.assign(state, { labels, namedAmong: signs });
    if (state.unnamed) return;
    state.unnamed = true;
    const later = window.requestIdleCallback || setTimeout;
    later(() => { if (state.unnamed) placeNames(); }, { timeout: 200 });
  }

  // names are measured: again, once the typeface of the app is here
  function nameInTypeface() {
    const faces = ["400", "600"].map((weight) => document.fonts.load(`${weight} 12px "Source Sans"`));
    Promise.all(faces).then((loaded) => { if (loaded.flat().length) nameAfresh(); }, () => {});
  }

  function nameAfresh() {
    state.names.forget();
    if (state.scene) nameSoon();
  }

  // one change of view is several events: names are placed after the last
  function nameSoon() {
    if (state.nameSoon) return;
    state.nameSoon = true;
    queueMicrotask(() => { state.nameSoon = false; placeNames(); });
  }

  function placeNames() {
    state.unnamed = false;
    const half = ({ role, chosen }) => (chosen ? 12 : role === "support" ? 9 : 6.5) * (state.type || 1);
    const points = groups.on() ? state.markers.filter(({ marker }) => state.map.hasLayer(marker)) : state.markers;
    const signs = points.map(({ marker, item }) => ({ id: item.id, at: marker.getLatLng(), half: half(item) }));
    const said = points.filter(({ item }) => item.said).flatMap(({ marker, item }) => badgeSigns(marker.getLatLng(), item.said, 9));
    const places = [...(state.drawn.said || new Map()).values()].flatMap(({ item, layer }) => badgeSigns(layer.getLatLng(), item, 18));
    const marks = [...(state.drawn.groups || new Map()).values()].map(({ item, layer }) => ({ id: item.id, at: layer.getLatLng(), ...markSides(item) }));
    state.names.place(state.labels, [...signs, ...said, ...places, ...marks], state.scene.arrows ? linesOfChange(state.scene) : [], groups.names);
  }

  function markSides(mark) {
    const { x, y } = groups.halfOf(mark);
    const type = state.type || 1;
    return { half: x * type, high: y * type, hard: true };
  }

  // places on the arrows of a change and on the outlines of its zones: names cross as few as can be
  function linesOfChange({ arrows, zones }) {
    const tenths = Array.from({ length: 11 }, (_, rank) => rank / 10);
    const along = arrows.flatMap(([a, b]) => tenths.map((part) => [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]));
    const outlines = zones.filter(({ aside }) => !aside).flatMap(({ shape }) => shapes[shape].coordinates.flat(Infinity));
    const corners = Array.from({ length: outlines.length / 2 }, (_, rank) => [outlines[2 * rank + 1], outlines[2 * rank]]);
    return [...along, ...corners];
  }

  // where a badge is drawn, up at the right of a place: names stay clear of it
  function badgeSigns(at, { of, count, stance }, away) {
    const { x, y } = state.map.latLngToLayerPoint(at);
    const parts = (stance ? 1 : 0) + (count ? 1 : 0);
    return Array.from({ length: parts }, (_, rank) => ({
      id: `said ${of} ${rank}`, at: state.map.layerPointToLatLng([x + away + rank * 15, y - away]), half: 8,
    }));
  }

  // a name of the page was clicked: where it leads, as « zone:ID »
  function go(where) {
    const [kind, lycee, zone] = where.split(":");
    if (kind === "put") live.coming(lycee, zone);
    emit({ event: "go", id: where });
  }

  return { learn, setup, draw, create, go, coming: live.coming, enlargeTo, focus: keys.focus, near: near.learn, ground: near.stand };
})();
