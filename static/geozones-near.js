// The map from near: in place of shapes simplified for a region, smooth ones, cut from the borders between
// the lands of lycées, each a line drawn once for both sides; and a finer ground (geozones-ground.js).
//
// repaint()           the size of type has changed.
// follow(layer, of)   an area follows the view: of the lycées `of.lycees` (whole zones if `of.whole`: their
//                     corners are then rounded), or of `of.departement`.
// update()            a scene is drawn, or the borders are read.
// learn(borders)      the borders, from the file of which a scene gives the address; read when first near.
// stand(layer, names) the ground, from another such file, and the names of its places.
window.geozonesNear = function create(host) {
  "use strict";

  const { state, read } = host;
  const ZOOM = 11;
  const followed = new Map();
  const CURVE = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875];
  const held = new WeakMap();
  let borders = null;
  let corners = null;
  let ground = null;

  function setup(map) {
    map.on("moveend viewreset", update);
  }

  function learn({ sides, lines, bends }) {
    borders = lines.map(([left, right, deltas]) => ({ left: sides[left], right: sides[right], points: deltas }));
    corners = new Map(bends.map(([lng, lat, reach]) => [at([lat / 1e5, lng / 1e5]), { reach: reach / 1e5, lycees: new Set() }]));
    for (const border of borders) {
      const line = places(border);
      for (const end of [line[0], line.at(-1)]) {
        const corner = corners.get(at(end));
        if (corner) for (const side of [border.left, border.right]) if (side) corner.lycees.add(side[0]);
      }
    }
  }

  function stand(layer, names) {
    ground = layer;
    host.name(names);
    update();
  }

  // its strokes and numbers are larger, or smaller, than when it was painted
  function repaint() {
    if (ground && state.map.hasLayer(ground)) ground.redraw();
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
    const rings = near && ringsFor(entry.of);
    entry.parts.forEach(({ part, far }) => part.setLatLngs(near ? rings : far));
    entry.near = near;
  }

  // a zone's borders, its sign and its halo have the same rings
  function ringsFor(of) {
    const { scene } = state;
    if (!held.has(scene)) held.set(scene, {});
    const rings = held.get(scene);
    const key = `${of.whole} ${of.lycees} ${of.departement}`;
    rings[key] ||= ringsOf(of);
    return rings[key];
  }

  // the lines that have an area on one side only, end to end: holes and islands are rings as others
  function ringsOf({ lycees, departement, whole }) {
    const members = new Set(lycees);
    const inside = (side) => Boolean(side) && (lycees ? members.has(side[0]) : side[1] === departement);
    const lines = new Set(borders.filter(({ left, right }) => inside(left) !== inside(right)).map(places));
    const ends = new Map();
    lines.forEach((line) => [line[0], line.at(-1)].forEach((end) => ends.set(at(end), [...(ends.get(at(end)) || []), line])));
    const rings = [];
    for (const line of lines) {
      lines.delete(line);
      const parts = [line];
      while (at(parts[0][0]) !== at(parts.at(-1).at(-1))) {
        const here = at(parts.at(-1).at(-1));
        const next = ends.get(here).find((each) => lines.has(each));
        lines.delete(next);
        parts.push(at(next[0]) === here ? next : [...next].reverse());
      }
      rings.push((whole ? rounded(parts) : parts).flat());
    }
    return rings;
  }

  const at = ([lat, lng]) => `${lat} ${lng}`;

  // Lines end to end, with a curve at each corner inside a commune where two zones meet: as
  // territory/borders.py. Both zones have the same lines there, so the same curve.
  function rounded(parts) {
    const zones = new Map(state.scene.lycees.map(({ id, zone }) => [id, zone]));
    const reaches = parts.map((line) => {
      const corner = corners.get(at(line.at(-1)));
      return corner && new Set([...corner.lycees].map((id) => zones.get(id))).size === 2 ? corner.reach : 0;
    });
    const shrink = Math.cos((parts[0][0][0] * Math.PI) / 180);
    const cut = parts.map((line, k) => {
      const half = lengthOf(line, shrink) / 2;
      const before = Math.min(half, reaches.at(k - 1));
      const after = Math.min(half, reaches[k]);
      return without(without(line, before, shrink).reverse(), after, shrink).reverse();
    });
    return cut.flatMap((line, k) => {
      if (!reaches[k]) return [line];
      const [start, corner, end] = [line.at(-1), parts[k].at(-1), cut[(k + 1) % cut.length][0]];
      const along = (t, axis) => (1 - t) ** 2 * start[axis] + 2 * t * (1 - t) * corner[axis] + t ** 2 * end[axis];
      return [line, CURVE.map((t) => [along(t, 0), along(t, 1)])];
    });
  }

  const stepOf = (a, b, shrink) => Math.hypot(b[0] - a[0], (b[1] - a[1]) * shrink);
  const lengthOf = (line, shrink) => line.slice(1).reduce((sum, point, i) => sum + stepOf(line[i], point, shrink), 0);

  // a line without its first part, of a length
  function without(line, length, shrink) {
    let left = length;
    for (let i = 1; i < line.length; i += 1) {
      const [a, b] = [line[i - 1], line[i]];
      const step = stepOf(a, b, shrink);
      const share = step ? left / step : 1;
      if (share < 1) return [[a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share], ...line.slice(i)];
      left -= step;
    }
    return line.slice(-1);
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

  return { setup, learn, stand, repaint, follow, update };
};
