// Groups the sites of a large territory where their points would hide the map: from far, one mark a
// sector; nearer, one mark a zone; then the sites. A mark says how many sites it holds, in the look of their status.
//
// read(scene)        the sites, zones and sectors to group; none where a territory is small.
// levelOf(sector)    what is drawn of a sector (id) at this zoom: SECTOR, ZONE or SITE.
// shows(lycee)       whether a site has its own point at this zoom.
// marks()            the marks of this zoom, for `layer`.
// names(label)       whether what has this name is drawn.
// lay()              outlines follow the zoom: those of zones are left out inside a mark of a sector.
window.geozonesGroups = function create(host) {
  "use strict";

  const { state, shapes, emit, live, card } = host;

  const [SECTOR, ZONE, SITE] = [0, 1, 2];
  // pixels between two points, and two marks, below which they hide the map
  const SITES_APART = 28;
  const ZONES_APART = 40;
  const TOGETHER = 27; // pixels between two marks of sectors, below which they are one
  const STATUSES = ["publie", "retenu", "propose", "brouillon"];
  const held = { on: false, sectors: new Map(), zones: new Map(), sites: new Map(), always: new Set() };

  function read(scene) {
    held.on = scene.lycees.length > state.map.options.ungrouped;
    if (!held.on) return;
    held.scene = scene;
    held.sites = new Map(scene.lycees.map((lycee) => [lycee.id, lycee]));
    const inZone = group(scene.lycees, ({ zone }) => zone);
    held.zones = new Map(scene.zones.map((zone) => [zone.id, { zone, lycees: inZone.get(zone.id) || [] }]));
    const inSector = group(scene.zones, ({ sector }) => sector);
    held.sectors = new Map(scene.sectors.map((sector) => {
      const zones = inSector.get(sector.id) || [];
      const lycees = zones.flatMap(({ id }) => held.zones.get(id).lycees);
      const side = Math.sqrt(areaOf(sector.shape));
      const from = (apart, count) => Math.log2((apart * Math.sqrt(count)) / side);
      return [sector.id, { sector, zones, lycees, opens: from(ZONES_APART, zones.length), splits: from(SITES_APART, lycees.length) }];
    }));
    held.always = new Set([scene.selected, ...scene.picked, ...(scene.said || []).map(({ of }) => of.replace("lycee:", ""))]);
  }

  function group(items, key) {
    const found = new Map();
    for (const item of items) found.set(key(item), [...(found.get(key(item)) || []), item]);
    return found;
  }

  // in pixels of the world at zoom 0
  const areas = new Map();
  function areaOf(shape) {
    if (!areas.has(shape)) {
      const rings = shapes[shape].coordinates.flat().map((ring) => ring.map(([lng, lat]) => state.map.project([lat, lng], 0)));
      const twice = (ring) => ring.reduce((sum, a, i) => { const b = ring[(i + 1) % ring.length]; return sum + a.x * b.y - b.x * a.y; }, 0);
      areas.set(shape, Math.abs(rings.reduce((sum, ring) => sum + twice(ring) / 2, 0)) || 1e-9);
    }
    return areas.get(shape);
  }

  function levelOf(id) {
    const found = held.on && held.sectors.get(id);
    if (!found) return SITE;
    const zoom = state.map.getZoom() - Math.log2(state.type || 1);
    if (zoom >= found.splits) return SITE;
    return zoom >= found.opens || id === held.scene.focus ? ZONE : SECTOR;
  }

  function shows(lycee) {
    if (!held.on || held.always.has(lycee.id)) return true;
    const found = held.zones.get(lycee.zone);
    if (!found) return true;
    const level = levelOf(found.zone.sector);
    return level === SITE || (level === ZONE && held.scene.selected_zones.includes(lycee.zone));
  }

  // -- marks -------------------------------------------------------------------------------------

  function marks() {
    return held.on ? joined(marksOfEach()) : [];
  }

  function marksOfEach() {
    return [...held.sectors.values()].flatMap(({ sector, zones, lycees }) => {
      const level = levelOf(sector.id);
      if (level === SITE) return [];
      if (level === SECTOR) return markOf("sector", sector, zones, lycees);
      return zones.flatMap((zone) => markOf("zone", zone, [zone], held.zones.get(zone.id).lycees));
    });
  }

  // sectors whose marks would lie on one another are one mark, as around a capital or on a phone
  function joined(found) {
    const near = (a, b) => state.map.latLngToLayerPoint(a.at).distanceTo(state.map.latLngToLayerPoint(b.at)) < TOGETHER * (state.type || 1);
    const clusters = [];
    for (const mark of [...found].sort((a, b) => b.sites - a.sites)) {
      const cluster = mark.kind === "sector" && clusters.find(([first]) => first.kind === "sector" && near(first, mark));
      if (cluster) cluster.push(mark);
      else clusters.push([mark]);
    }
    return clusters.map((all) => (all.length === 1 ? all[0] : together(all)));
  }

  function together(all) {
    const sites = all.reduce((sum, mark) => sum + mark.sites, 0);
    const middle = (axis) => all.reduce((sum, { at, sites: weight }) => sum + at[axis] * weight, 0) / sites;
    const parts = STATUSES.map((status) => {
      const own = all.flatMap((mark) => mark.parts.filter((each) => each.status === status));
      return { status, count: own.reduce((sum, { count }) => sum + count, 0), changed: own.some(({ changed }) => changed) };
    });
    const of = all.map((mark) => mark.of).sort();
    return {
      id: `sectors ${of}`, kind: "sectors", of: of.join(" "), within: of, sites, at: [middle(0), middle(1)], aside: all.every(({ aside }) => aside),
      name: all.map(({ name }) => name).join(", "), parts: parts.filter(({ count }) => count),
    };
  }

  function markOf(kind, { id, name }, zones, lycees) {
    const hidden = lycees.filter((lycee) => !shows(lycee));
    if (!hidden.length) return [];
    const count = group(hidden, (lycee) => held.zones.get(lycee.zone).zone.status);
    const parts = STATUSES.filter((status) => count.has(status)).map((status) => ({
      status,
      count: count.get(status).length,
      changed: zones.some((zone) => zone.status === status && zone.changed),
    }));
    const middle = (axis) => hidden.reduce((sum, { at }) => sum + at[axis], 0) / hidden.length;
    const aside = zones.every((zone) => zone.aside);
    return [{ id: `${kind} ${id}`, kind, of: id, name, parts, aside, at: [middle(0), middle(1)], sites: lycees.length, zones: zones.length }];
  }

  function layer(mark) {
    const icon = L.divIcon({ className: `gz-group gz-group-${mark.kind}`, iconSize: [0, 0], html: "" });
    const marker = L.marker(mark.at, { icon, pane: "lycees", keyboard: false, bubblingMouseEvents: false });
    marker.on("add", () => {
      const element = marker.getElement();
      Object.assign(element.dataset, { group: mark.kind, of: mark.of });
      element.classList.toggle("gz-aside", mark.aside);
      element.setAttribute("aria-hidden", "true");
      const box = document.createElement("span");
      box.append(mark.parts.length > 1 ? mixed(mark.parts) : part(mark.parts[0]));
      element.replaceChildren(box);
    });
    const told = { zone: () => host.zoneCard(held.zones.get(mark.of).zone), sector: () => cardOf(mark.of) };
    live.tell(marker, told[mark.kind] || (() => card(mark.name, [[state.map.options.sites, String(mark.sites)]])));
    marker.on("click", () => (mark.within ? host.look(around(mark.within)) : open(mark.kind, mark.of)));
    return marker;
  }

  // as the badges of a status in the panel
  function part({ status, count, changed }) {
    const made = Object.assign(document.createElement("b"), { textContent: count });
    const { fill, text, edge, dashed } = state.signs.pills[status];
    Object.assign(made.dataset, { status, ...(changed ? { changed: "" } : {}) });
    Object.assign(made.style, { background: fill, color: text, border: `1.5px ${dashed ? "dashed" : "solid"} ${edge}` });
    return made;
  }

  // sites of several statuses: how many in all, in a ring of the colours of each
  function mixed(parts) {
    const all = parts.reduce((sum, { count }) => sum + count, 0);
    const made = part({ ...parts[0], count: all, changed: parts.some(({ changed }) => changed) });
    let from = 0;
    const ring = parts.map(({ status, count }) => {
      const [start, end] = [from, (from += count / all)];
      return `${state.signs.pills[status].edge} ${start}turn ${end}turn`;
    });
    made.dataset.status = parts.map(({ status }) => status).join(" ");
    Object.assign(made.style, {
      color: state.signs.pills.retenu.text,
      border: "3px solid transparent",
      background: `linear-gradient(#fff, #fff) padding-box, conic-gradient(${ring}) border-box`,
    });
    return made;
  }

  const around = (sectors) => L.featureGroup(sectors.map((id) => L.geoJSON(shapes[held.sectors.get(id).sector.shape]))).getBounds();

  // pixels between the middles of two marks, at least: the widest touch no other
  const apart = (found) => Math.max(0, ...found.map((mark) => 2 * halfOf(mark).x)) + 2;

  // half the sides of a mark, in pixels
  function halfOf({ kind, parts }) {
    const digits = String(parts.reduce((sum, { count }) => sum + count, 0)).length;
    return kind === "zone" ? { x: (digits * 7 + 15) / 2, y: 12 } : { x: (digits * 8 + 17) / 2, y: 14 };
  }

  function cardOf(id) {
    const { sector, zones, lycees } = held.sectors.get(id);
    return card(sector.name, [[state.map.options.sites, String(lycees.length)], ["Zones", String(zones.length)]]);
  }

  // a click on an outline or a mark leads one step nearer: to the sector, then to the zone
  function open(kind, id) {
    if (live.gaveUp()) return;
    const { editable } = held.scene;
    emit(kind === "zone" && editable ? { event: "zone", id } : { event: "go", id: `${kind}:${id}` });
    const { shape } = kind === "zone" ? held.zones.get(id).zone : held.sectors.get(id).sector;
    if (editable || !window.Streamlit) host.look(L.geoJSON(shapes[shape]).getBounds());
  }

  // -- names and outlines ------------------------------------------------------------------------

  function names({ kind, of }) {
    if (!held.on) return true;
    if (kind === "lycee") return !held.sites.has(of) || shows(held.sites.get(of));
    return kind !== "zone" || !held.zones.has(of) || levelOf(held.zones.get(of).zone.sector) !== SECTOR;
  }

  function lay() {
    if (!held.on) return;
    const far = new Set([...held.sectors.keys()].filter((id) => levelOf(id) === SECTOR));
    const inside = (zone) => far.has(held.zones.get(zone)?.zone.sector);
    state.drawn.zones?.forEach(({ item, layer: area }) => area.eachLayer(({ _path }) => _path?.classList.toggle("gz-within", inside(item.id))));
    state.drawn.signs?.forEach(({ item, layer: lines }) => lines.eachLayer((line) => line.eachLayer(({ _path }) => {
      const quiet = item.sign !== "halo" && !item.sign.endsWith("-changed") && inside(item.zone);
      if (_path) _path.style.display = quiet ? "none" : "";
    })));
  }

  return { read, levelOf, shows, marks, layer, halfOf, cardOf, open, names, apart, lay, on: () => held.on, SECTOR };
};
