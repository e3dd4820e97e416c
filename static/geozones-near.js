// The map from near: in place of shapes simplified for a region, smooth ones, cut from the borders between
// the lands of lycées, each a line drawn once for both sides; and a finer ground (geozones-ground.js).
//
// follow(layer, of)   an area follows the view: of the lycées `of.lycees`, or of `of.departement`.
// update()            a scene is drawn, or the borders are read.
// learn(borders)      the borders, from the file of which a scene gives the address; read when first near.
// stand(layer, names) the ground, from another such file, and the names of its places.
window.geozonesNear = function create(host) {
  "use strict";

  const { state, read } = host;
  const ZOOM = 11;
  const followed = new Map();
  let borders = null;
  let ground = null;

  function setup(map) {
    map.on("moveend viewreset", update);
  }

  function learn({ sides, lines }) {
    borders = lines.map(([left, right, deltas]) => ({ left: sides[left], right: sides[right], points: deltas }));
  }

  function stand(layer, names) {
    ground = layer;
    host.name(names);
    update();
  }

  // over another background there is no ground
  function showGround() {
    const { map, scene } = state;
    const address = scene && !scene.tiles && map.getZoom() >= ZOOM && scene.near.ground;
    if (address && !ground) read(address, update);
    if (!ground) return;
    const shown = Boolean(address);
    if (shown === map.hasLayer(ground)) return;
    if (shown) map.addLayer(ground);
    else map.removeLayer(ground);
    for (const name of ground.replaces) map.getPane(name).style.display = shown ? "none" : "";
  }

  function follow(layer, of) {
    const parts = polygons(layer).map((part) => ({ part, far: part.getLatLngs() }));
    const entry = { of, parts, bounds: parts[0].part.getBounds(), near: false };
    layer.on("add", () => { followed.set(layer, entry); refresh(entry); });
    layer.on("remove", () => followed.delete(layer));
    return layer;
  }

  const polygons = (layer) => (layer.setLatLngs ? [layer] : layer.getLayers().flatMap(polygons));

  // communes coloured by their minutes are simplified too: they would not fit
  function isNear() {
    const { map, scene } = state;
    if (!scene || !scene.near.borders || scene.patches.length || map.getZoom() < ZOOM) return false;
    if (!borders) read(scene.near.borders, update);
    return Boolean(borders);
  }

  function update() {
    showGround();
    followed.forEach(refresh);
  }

  // only what is in sight: the rest is not drawn, and takes its time at each zoom
  function refresh(entry) {
    const near = isNear() && state.map.getBounds().pad(0.3).intersects(entry.bounds);
    if (near === entry.near) return;
    const rings = near && ringsOf(entry.of);
    entry.parts.forEach(({ part, far }) => part.setLatLngs(near ? rings : far));
    entry.near = near;
  }

  // the lines that have an area on one side only, end to end: holes and islands are rings as others
  function ringsOf({ lycees, departement }) {
    const members = new Set(lycees);
    const inside = (side) => Boolean(side) && (lycees ? members.has(side[0]) : side[1] === departement);
    const at = ([lat, lng]) => `${lat} ${lng}`;
    const lines = new Set(borders.filter(({ left, right }) => inside(left) !== inside(right)).map(places));
    const ends = new Map();
    lines.forEach((line) => [line[0], line.at(-1)].forEach((end) => ends.set(at(end), [...(ends.get(at(end)) || []), line])));
    const rings = [];
    for (const line of lines) {
      lines.delete(line);
      const ring = [...line];
      while (at(ring[0]) !== at(ring.at(-1))) {
        const here = at(ring.at(-1));
        const next = ends.get(here).find((each) => lines.has(each));
        lines.delete(next);
        ring.push(...(at(next[0]) === here ? next : [...next].reverse()).slice(1));
      }
      rings.push(ring);
    }
    return rings;
  }

  // a line is its first point, then the way from each point to the next, in 1/100,000 of a degree
  function places(border) {
    if (!border.places) {
      border.places = [];
      for (let i = 0, x = 0, y = 0; i < border.points.length; i += 2) {
        x += border.points[i];
        y += border.points[i + 1];
        border.places.push([y / 1e5, x / 1e5]);
      }
    }
    return border.places;
  }

  return { setup, learn, stand, follow, update };
};
