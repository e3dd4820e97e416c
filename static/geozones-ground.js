// The ground from near, as tiles of pixels over the zones, under borders of sectors and names: outlines of
// communes, waters as wide as they are.
//
// geozonesGround(data)  the layer, for map.addLayer; the file that holds `data` begins with this script.
window.geozonesGround = function create(data) {
  "use strict";

  const { communes, waters } = data;
  const WORLD = 256; // pixels of the world at zoom 0
  const SIDE = 512; // pixels of a tile
  const WATER = "#8fbddb";

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
    return { type, inSight, fill, stroke };
  }

  function paint(canvas, coords) {
    const { type, inSight, fill, stroke } = painter(canvas, coords);
    stroke(own.communes.filter(inSight), "rgba(48,60,70,.5)", type, [5 * type, 3 * type]);
    for (const water of own.waters.filter(inSight)) fill([water], WATER);
  }

  const Layer = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      const dense = Math.max(2, Math.ceil(window.devicePixelRatio || 1));
      canvas.width = canvas.height = SIDE * dense;
      setTimeout(() => {
        paint(canvas, coords);
        done(null, canvas);
      }, 0);
      return canvas;
    },
  });
  const layer = new Layer({ pane: "ground", tileSize: SIDE, minZoom: 9, updateWhenIdle: false, updateWhenZooming: false, keepBuffer: 1 });
  // what it draws better than the layers of the region
  layer.replaces = ["waters"];
  return layer;
};
