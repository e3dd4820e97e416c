// The ground from near, as tiles of pixels over the zones, under borders of sectors and names: outlines of
// communes, waters as wide as they are and, of the extract where there is one, built-up land and roads.
//
// geozonesGround(data)  the layer, for map.addLayer; the file that holds `data` begins with this script.
window.geozonesGround = function create(data) {
  "use strict";

  const { communes, waters, tiles } = data;
  const WORLD = 256; // pixels of the world at zoom 0
  const SIDE = 512; // pixels of a tile
  const WATER = "#8fbddb";
  const AREAS = { wood: "rgba(52,102,58,.13)", homes: "rgba(70,58,50,.17)", works: "rgba(70,70,84,.14)", lake: WATER };
  const WATERS = { river: [1.6, 13], canal: [1.2, 13] };
  // of a road: pixels of its stroke at zoom 14, the least, and its rim
  const ROADS = {
    ferry: [0.8, 0.8, null, "#5b86a3"], street: [1.8, 0.7, null, "rgba(255,255,255,.9)"], slip: [1.8, 0.8, "#8b949a", "#ffffff"],
    tertiary: [2.6, 1, "#a2a9ae", "#ffffff"], secondary: [3.4, 1.4, "#8b949a", "#ffffff"], primary: [4.2, 1.8, "#7a848b", "#fff6dc"],
    trunk: [4.8, 2.2, "#6b757d", "#ffeab0"], motorway: [5.2, 2.6, "#5d6870", "#ffdf94"],
  };
  const NUMBERED = ["motorway", "trunk", "primary", "secondary"];

  // a line is its first point, then the way from each point to the next, in 1/100,000 of a degree
  function feature(deltas) {
    const points = new Float64Array(deltas.length);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0, lng = 0, lat = 0; i < deltas.length; i += 2) {
      lng += deltas[i];
      lat += deltas[i + 1];
      const sine = Math.sin((lat / 1e5) * (Math.PI / 180));
      points[i] = (lng / 1e5 / 360 + 0.5) * WORLD;
      points[i + 1] = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
      box[0] = Math.min(box[0], points[i]);
      box[1] = Math.min(box[1], points[i + 1]);
      box[2] = Math.max(box[2], points[i]);
      box[3] = Math.max(box[3], points[i + 1]);
    }
    return { points, box };
  }

  const group = (rings) => {
    const parts = rings.map(feature);
    const side = (rank, least) => Math[least](...parts.map(({ box }) => box[rank]));
    return { parts, box: [side(0, "min"), side(1, "min"), side(2, "max"), side(3, "max")] };
  };
  const own = { communes: communes.map((line) => group([line])), waters: waters.map(group) };

  function painter(canvas, { x, y, z }) {
    const context = canvas.getContext("2d");
    const dense = canvas.width / SIDE;
    const scale = 2 ** z;
    const seen = [x, y, x + 1, y + 1].map((at) => (at * SIDE) / scale);
    const margin = 8 / scale;
    const type = Number(getComputedStyle(document.documentElement).getPropertyValue("--type")) || 1;
    context.scale(dense, dense);
    context.lineCap = context.lineJoin = "round";
    const inSight = ({ box }) => box[0] < seen[2] + margin && seen[0] - margin < box[2] && box[1] < seen[3] + margin && seen[1] - margin < box[3];
    const at = (points, i) => [points[i] * scale - x * SIDE, points[i + 1] * scale - y * SIDE];
    const trace = (groups) => {
      context.beginPath();
      for (const { parts } of groups) {
        for (const { points } of parts) {
          context.moveTo(...at(points, 0));
          for (let i = 2; i < points.length; i += 2) context.lineTo(...at(points, i));
        }
      }
    };
    const fill = (groups, colour) => {
      trace(groups);
      context.fillStyle = colour;
      context.fill("evenodd");
    };
    const stroke = (groups, colour, width, dash = []) => {
      trace(groups);
      context.setLineDash(dash);
      Object.assign(context, { strokeStyle: colour, lineWidth: width });
      context.stroke();
    };
    const sign = (text, { points }) => {
      const [left, top] = at(points, 2 * Math.floor(points.length / 4));
      context.font = `600 ${12 * type}px "Source Sans", "Source Sans 3", system-ui, sans-serif`;
      const [half, high] = [context.measureText(text).width / 2 + 4, 8 * type];
      if (left < half || top < high || left > SIDE - half || top > SIDE - high) return false;
      Object.assign(context, { fillStyle: "rgba(255,255,255,.92)", strokeStyle: "#8b949a", lineWidth: 1, textAlign: "center", textBaseline: "middle" });
      context.setLineDash([]);
      context.beginPath();
      context.roundRect(left - half, top - high, 2 * half, 2 * high, 3);
      context.fill();
      context.stroke();
      context.fillStyle = "#2f3a43";
      context.fillText(text, left, top + 0.5);
      return true;
    };
    return { type, inSight, fill, stroke, sign };
  }

  // the lowest first; the numbers of roads last, each once a tile
  function paint(canvas, coords, found) {
    const { type, inSight, fill, stroke, sign } = painter(canvas, coords);
    const of = (kind) => (found[kind] || []).map(([ref, ...lines]) => ({ ref, ...group(lines) }));
    const grown = 1.5 ** (coords.z - 14);
    for (const kind of ["wood", "homes", "works"]) fill(of(kind), AREAS[kind]);
    stroke(own.communes.filter(inSight), "rgba(48,60,70,.5)", type, [5 * type, 3 * type]);
    const lakes = of("lake");
    for (const water of lakes.length ? lakes : own.waters.filter(inSight)) fill([water], WATER);
    for (const [kind, [width]] of Object.entries(WATERS)) stroke(of(kind), WATER, width);
    const roads = Object.entries(ROADS).map(([kind, style]) => ({ kind, lines: of(kind), style }));
    const width = ([full, least]) => Math.max(least, full * grown);
    roads.forEach(({ lines, style }) => { if (style[2]) stroke(lines, style[2], width(style) + 1.4); });
    roads.forEach(({ lines, style }) => stroke(lines, style[3], width(style)));
    const told = new Set();
    for (const { kind, lines } of roads.reverse().filter((road) => NUMBERED.includes(road.kind))) {
      for (const { ref, parts } of lines) if (ref && !told.has(ref) && sign(ref.split(";")[0], parts[0])) told.add(ref);
    }
  }

  const Layer = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      const dense = Math.max(2, Math.ceil(window.devicePixelRatio || 1));
      canvas.width = canvas.height = SIDE * dense;
      const show = (found) => {
        paint(canvas, coords, found);
        done(null, canvas);
      };
      if (!tiles) setTimeout(show, 0, {});
      else fetch(`../../app/ground/${tiles}/${coords.z}/${coords.x}/${coords.y}`).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({})).then(show);
      return canvas;
    },
  });
  const layer = new Layer({ pane: "ground", tileSize: SIDE, minZoom: 9, updateWhenIdle: false, updateWhenZooming: false, keepBuffer: 1 });
  // what it draws better than the layers of the region
  layer.replaces = tiles ? ["waters", "roads"] : ["waters"];
  return layer;
};
