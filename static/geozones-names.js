// Places the names of a map, by the rules of render/figure/placement.py: the lowest rank first, none
// over another nor over a sign, names of areas inside one of their spaces (render/scene.py, label_spaces).
//
// place(names, signs, lines, named)  names: [{ marker, label }], the marker made by markerOf when it is first
//                      shown; signs: [{ id, at, half }] in pixels around a place (`high` where it is not a square; no name
//                      lies over a `hard` one, and sectors are then named where there is room); lines: places on lines that names of points
//                      cross as little as can be; named: which of the names, all by default. A name in sight stays where it is until the zoom, or what is named, changes.
// forget()             measures of text are no longer right.
window.geozonesNames = function (map, markerOf) {
  "use strict";

  const ROOM_SCALE = 1e4;
  const AREAS = ["sector", "zone"];
  // margins around the text, and between a point and the names beside it, in pixels
  const PAD = { x: 2, y: 1 };
  const NO_PAD = { x: 0, y: 0 };
  const padOf = (label) => (label.kind === "sector" ? NO_PAD : PAD);
  const GAPS = { lycee: [3, 7, 12], town: [5], city: [6] };
  // which way a name lies from its point, the best first: as in placement.py
  const WAYS = [[1, 0], [-1, 0], [1, 0.5], [1, -0.5], [-1, 0.5], [-1, -0.5], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]];
  const OVER = [[0, 0], [0, -1], [0, 1], [0.3, 0], [-0.3, 0], [0.3, -1], [-0.3, -1], [0.3, 1], [-0.3, 1]];
  const NEARLY_OVER = [[0, 0], [0, -0.5], [0, 0.5], [0.25, 0], [-0.25, 0]];
  // where in a room: its middle first
  const grid = (steps) => steps.flatMap((x) => steps.map((y) => [x, y])).sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
  const SHARES = { name: grid([0, -0.5, 0.5, -1, 1]), number: grid([0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75, -1, 1]) };
  // sizes of an area's name, by what room it has: 16, 14 and 12 px, 14 and 12 px
  const SCALES = { sector: [1, 14 / 16, 12 / 16], zone: [1, 12 / 14] };
  // a longer name is also tried on two lines; a very long one, on lines of that many letters only
  const LONG = 9;
  const VERY_LONG = 44;
  // how many times a name may take the place of others, which look for another
  const EJECTIONS = 6;
  // what a place on a line weighs, where a name crosses it, against a name that it would push away
  const CROSSED = 0.02;
  // names that never do, and names that may lie over signs
  const OPTIONAL = ["city", "town", "river", "motorway", "departement"];
  const SOFT = ["sector", "city"];
  const sizes = new Map();
  const given = new Map();
  const state = { zoom: null, list: null };

  // -- text ----------------------------------------------------------------------------------------

  // the ways to write a name, the best first: whole, on two lines of about a length, on as many as it takes
  function linesOf(text) {
    const cuts = [...text.matchAll(/[ \u2013-]+/g)].map(({ index, 0: cut }) => index + cut.length).filter((cut) => cut < text.length);
    const middle = text.length / 2;
    const cut = [...cuts].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
    const ways = [[text], ...(cut && text.length > LONG ? [[text.slice(0, cut).trimEnd(), text.slice(cut)]] : [])];
    const narrow = ways.filter((lines) => lines.every((line) => line.length <= VERY_LONG));
    return (narrow.length ? narrow : [broken([0, ...cuts].map((from, rank) => text.slice(from, cuts[rank])))]).map((lines) => lines.join("\n"));
  }

  function broken(words) {
    return words.reduce((lines, word) => {
      const longer = `${lines.at(-1)}${word}`;
      return longer.trimEnd().length > VERY_LONG && lines.at(-1) ? [...lines, word] : [...lines.slice(0, -1), longer];
    }, [""]).map((line) => line.trimEnd());
  }

  function forms(label) {
    if (label.forms) return label.forms;
    const lines = ["river", "motorway"].includes(label.kind) ? [label.text] : linesOf(label.text);
    const scales = SCALES[label.kind] || [1];
    label.forms = scales.flatMap((scale) => lines.map((text) => ({ text, scale, number: label.number })));
    if (label.number) label.forms.push({ text: "", scale: 1, number: label.number });
    return label.forms;
  }

  const keyOf = (kind, form) => `${kind} ${form.number} ${form.text}`;

  function write(span, form) {
    const className = form.text ? "gz-before" : "";
    const badge = form.number ? [Object.assign(document.createElement("small"), { className, textContent: form.number })] : [];
    span.replaceChildren(...badge, form.text);
    span.style.setProperty("--shrink", form.scale);
  }

  // asking for a size has the browser lay the page out: once for all names that are new
  function measure(labels) {
    const box = document.createElement("div");
    const asked = new Map();
    for (const label of labels) {
      for (const form of forms(label)) {
        const key = keyOf(label.kind, form);
        if (sizes.has(key) || asked.has(key)) continue;
        const outer = document.createElement("div");
        outer.className = `gz-label gz-label-${label.kind}`;
        outer.style.cssText = "position:absolute;visibility:hidden";
        const span = document.createElement("span");
        write(span, { ...form, scale: 1 });
        outer.appendChild(span);
        box.appendChild(outer);
        asked.set(key, span);
      }
    }
    if (!asked.size) return;
    map.getPane("labels").appendChild(box);
    asked.forEach((span, key) => sizes.set(key, [span.offsetWidth, span.offsetHeight]));
    box.remove();
  }

  function sizeOf(label, form) {
    const [width, height] = sizes.get(keyOf(label.kind, form));
    const pad = padOf(label);
    return [Math.ceil(width * form.scale) + 2 * pad.x, Math.ceil(height * form.scale) + 2 * pad.y];
  }

  // -- where a name may go: boxes (left, top, right, bottom) in pixels of the world at this zoom -----

  const boxAt = (left, top, [width, height]) => [left, top, left + width, top + height];

  function* inRooms(label, form, size, frame) {
    for (const [west, south, east, north] of label.rooms) {
      const a = map.project([north / ROOM_SCALE, west / ROOM_SCALE]);
      const b = map.project([south / ROOM_SCALE, east / ROOM_SCALE]);
      const room = [Math.max(a.x, frame[0]), Math.max(a.y, frame[1]), Math.min(b.x, frame[2]), Math.min(b.y, frame[3])];
      const x = (room[2] - room[0] - size[0]) / 2;
      const y = (room[3] - room[1] - size[1]) / 2;
      if (x < 0 || y < 0) continue;
      for (const [across, down] of SHARES[form.text ? "name" : "number"]) yield boxAt(room[0] + x * (1 + across), room[1] + y * (1 + down), size);
    }
  }

  function* beside(label, size, at, half) {
    for (const gap of GAPS[label.kind]) {
      for (const [dx, dy] of WAYS) {
        const reach = (half + gap) * (dx && dy ? 0.75 : 1);
        const left = at.x + (dx > 0 ? reach : dx < 0 ? -reach - size[0] : -size[0] / 2);
        let top = at.y - (dy > 0 ? reach + size[1] : dy < 0 ? -reach : size[1] / 2);
        if (Math.abs(dy) === 0.5) top = at.y - size[1] / 2 - dy * (size[1] + gap);
        yield boxAt(left, top, size);
      }
    }
  }

  function* over(size, at, spots = OVER) {
    for (const [x, y] of spots) yield boxAt(at.x + (x - 0.5) * size[0], at.y + (y - 0.5) * size[1], size);
  }

  function tries(label, form, size, at, half, frame) {
    if (AREAS.includes(label.kind)) return inRooms(label, form, size, frame);
    return label.kind in GAPS ? beside(label, size, at, half) : over(size, at);
  }

  // a sector is always named: where none of its rooms does, over its middle
  function* everyTry(label, at, half, frame) {
    const all = forms(label).map((form) => [form, sizeOf(label, form)]);
    for (const [form, size] of all) for (const box of tries(label, form, size, at, half, frame)) yield [form, box];
    if (label.kind !== "sector" || state.many) return;
    const [form, size] = all.reduce((least, one) => (one[1][0] < least[1][0] ? one : least));
    for (const box of over(size, at, NEARLY_OVER)) yield [form, box];
  }

  // -- placing -------------------------------------------------------------------------------------

  const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  const covers = (box, { x, y }) => x > box[0] && x < box[2] && y > box[1] && y < box[3];
  const within = (box, frame) => box[0] >= frame[0] && box[1] >= frame[1] && box[2] <= frame[2] && box[3] <= frame[3];

  // The first place that is free; else the one that takes the places of the fewest names. Only
  // the names of sectors and large towns may lie over signs, over as few as can be.
  function spotOf(name, at, half, { frame, fixed, marks, lines, given: others, weight }) {
    const { label } = name;
    let best = null;
    for (const [form, box] of everyTry(label, at, half, frame)) {
      if (!within(box, frame) || fixed.some((other) => overlap(box, other))) continue;
      const signs = marks.reduce((sum, mark) => sum + (overlap(box, mark) ? 1 : 0), 0);
      if (signs && !SOFT.includes(label.kind)) continue;
      const hit = [...others].filter(([, spot]) => overlap(box, spot.box)).map(([other]) => other);
      const crossed = label.kind in GAPS ? lines.reduce((sum, point) => sum + (covers(box, point) ? CROSSED : 0), 0) : 0;
      if (!signs && !hit.length && !crossed) return { form, box, at, hit };
      const burden = crossed + signs + hit.reduce((sum, other) => sum + weight(other), 0);
      if (!best || burden < best.burden) best = { form, box, at, hit, burden };
    }
    return best;
  }

  // gives places out, the lowest rank first; `others` have theirs
  function giveOut(names, spots, room) {
    const queue = [...names].sort((a, b) => a.label.rank - b.label.rank);
    const ejections = new Map();
    const count = (name) => ejections.get(name) || 0;
    const weight = (other) => (room.optional(other) ? 0.4 : 1) + count(other) + (other.label.kind === "sector" ? 9 : 0);
    while (queue.length) {
      const name = queue.shift();
      const sign = name.label.kind === "lycee" ? spots.get(name.label.of) : null;
      const at = sign ? sign.p : map.project(name.label.at);
      const spot = spotOf(name, at, sign ? sign.half : 0, { ...room, weight });
      if (!spot) continue;
      if (spot.hit.length) {
        if (room.optional(name) || count(name) >= EJECTIONS) continue;
        ejections.set(name, count(name) + 1);
        spot.hit.forEach((other) => { room.given.delete(other); queue.push(other); });
      }
      room.given.set(name, { ...spot, place: sign ? sign.at : name.label.at });
    }
  }

  // buttons and scale, that lie over the map
  function controls(origin) {
    const home = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".leaflet-control")].map((each) => {
      const box = each.getBoundingClientRect();
      const [left, top] = [origin.x - home.left, origin.y - home.top];
      return [box.left + left, box.top + top, box.right + left, box.bottom + top];
    });
  }

  function place(names, signs, lines, named = () => true) {
    const zoom = map.getZoom();
    const pixels = map.getPixelBounds();
    const frame = [pixels.min.x + 2, pixels.min.y + 2, pixels.max.x - 2, pixels.max.y - 2];
    if (zoom !== state.zoom || names !== state.list) given.clear();
    Object.assign(state, { zoom, list: names, many: signs.some(({ hard }) => hard) });
    const inSight = ({ kind, at }) => AREAS.includes(kind) || pixels.contains(map.project(at));
    const wanted = names.filter(({ label }) => zoom >= label.zooms[0] && zoom < label.zooms[1] && inSight(label) && named(label));
    measure(wanted.map(({ label }) => label));
    const spots = new Map(signs.map((sign) => [sign.id, { ...sign, p: map.project(sign.at) }]));
    const boxOf = ({ p, half, high = half }) => [p.x - half, p.y - high, p.x + half, p.y + high];
    const [marks, hard] = [false, true].map((kind) => [...spots.values()].filter((sign) => Boolean(sign.hard) === kind).map(boxOf));
    const kept = wanted.filter((name) => given.has(name) && overlap(given.get(name).box, frame));
    const fixed = [...controls(pixels.min), ...hard, ...kept.map((name) => given.get(name).box)];
    const room = { frame, fixed, marks, lines: lines.map((at) => map.project(at)), given: new Map(), optional: ({ label }) => OPTIONAL.includes(label.kind) };
    giveOut(wanted.filter((name) => !kept.includes(name)), spots, room);
    const shown = new Map([...kept.map((name) => [name, given.get(name)]), ...room.given]);
    given.clear();
    shown.forEach((spot, name) => given.set(name, spot));
    names.forEach((name) => put(name, shown.get(name)));
  }

  function put(name, spot) {
    const { label } = name;
    if (!spot && !(name.marker && map.hasLayer(name.marker))) return;
    name.marker = name.marker || markerOf(label);
    const { marker } = name;
    if (!map.hasLayer(marker)) marker.addTo(map); // most names are never shown: no element for them
    marker.setLatLng(spot ? spot.place : label.at);
    const element = marker.getElement();
    element.style.visibility = spot ? "visible" : "hidden";
    if (!spot) return;
    const span = element.firstChild;
    const key = `${keyOf(label.kind, spot.form)} ${spot.form.scale}`;
    if (span.dataset.form !== key) write(span, spot.form);
    span.dataset.form = key;
    const pad = padOf(label);
    span.style.transform = `translate(${spot.box[0] + pad.x - spot.at.x}px, ${spot.box[1] + pad.y - spot.at.y}px)`;
    if (label.of) element.dataset.of = label.of;
  }

  return { place, forget: () => { sizes.clear(); given.clear(); } };
};
