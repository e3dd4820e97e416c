// Takes several lycées: Shift and drag around them, or a finger that stays on one.
//
// The shape is the pointer's way; where that hardly encloses anything, as from corner to corner, the
// rectangle around it.
window.geozonesLasso = function create(host) {
  "use strict";

  const { state, emit, release, mute } = host;

  const STARTS = 6; // pixels to go before it is a lasso, not a click
  const FLAT = 0.2; // share of the rectangle that a shape encloses, below which the rectangle is meant
  const HOLD = 500; // milliseconds for a finger to stay
  const SLIP = 10; // pixels that it may slip
  const lasso = { from: null, way: [], held: false };
  const ns = "http://www.w3.org/2000/svg";
  const sheet = document.createElementNS(ns, "svg");
  const shape = document.createElementNS(ns, "polygon");

  function setup(map) {
    map.boxZoom.disable();
    sheet.setAttribute("class", "gz-lasso");
    sheet.setAttribute("aria-hidden", "true");
    sheet.append(shape);
    sheet.style.display = "none";
    map.getContainer().append(sheet);
    map.getContainer().addEventListener("mousedown", begin, true);
  }

  const takes = () => state.scene && state.scene.editable;
  const at = (e) => state.map.mouseEventToContainerPoint(e);

  // -- the lasso ---------------------------------------------------------------------------------

  function begin(e) {
    if (!e.shiftKey || e.button !== 0 || !takes()) return;
    e.stopPropagation(); // the map neither moves nor zooms
    e.preventDefault();
    Object.assign(lasso, { from: at(e), way: [] });
    listen("addEventListener");
  }

  function listen(change) {
    document[change]("mousemove", draws, true);
    document[change]("mouseup", ends, true);
    for (const page of new Set([document, window.parent.document])) page[change]("keydown", escape, true);
  }

  function draws(e) {
    const point = at(e);
    if (!lasso.way.length && point.distanceTo(lasso.from) < STARTS) return;
    if (!lasso.way.length) { release(); mute(true, point); lasso.way.push(lasso.from); }
    lasso.way.push(point);
    const around = outline(lasso.way);
    shape.setAttribute("points", around.map(({ x, y }) => `${x},${y}`).join(" "));
    sheet.style.display = "";
    mark(inside(around));
  }

  function ends() {
    const { way } = lasso;
    stop();
    if (!way.length) return;
    swallowClick();
    const ids = inside(outline(way));
    if (ids.length) emit({ event: "pick-many", ids });
  }

  function escape(e) {
    if (e.key !== "Escape") return;
    e.stopPropagation();
    if (lasso.way.length) swallowClick();
    stop();
  }

  function stop() {
    listen("removeEventListener");
    if (lasso.way.length) mute(false, lasso.way.at(-1));
    lasso.way = [];
    sheet.style.display = "none";
    mark([]);
  }

  // the button that goes up makes a click, of what lies there
  function swallowClick() {
    const swallow = (e) => { e.stopPropagation(); e.preventDefault(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    const forget = () => document.removeEventListener("click", swallow, true);
    document.addEventListener("mousedown", forget, { capture: true, once: true });
  }

  function outline(way) {
    const [xs, ys] = [way.map(({ x }) => x), way.map(({ y }) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const area = way.reduce((sum, { x, y }, i) => {
      const next = way[(i + 1) % way.length];
      return sum + x * next.y - next.x * y;
    }, 0) / 2;
    if (Math.abs(area) > FLAT * (right - left) * (bottom - top)) return way;
    return [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => L.point(x, y));
  }

  function inside(around) {
    return state.markers.filter(({ marker }) => state.map.hasLayer(marker) && holds(around, state.map.latLngToContainerPoint(marker.getLatLng()))).map(({ item }) => item.id);
  }

  // a point is inside where a line from it crosses the outline an odd number of times
  function holds(around, { x, y }) {
    return around.reduce((odd, a, i) => {
      const b = around[(i + 1) % around.length];
      const crosses = a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x);
      return crosses ? !odd : odd;
    }, false);
  }

  function mark(ids) {
    state.markers.forEach(({ marker, item }) => {
      const element = marker.getElement();
      if (element) element.classList.toggle("gz-lassoed", ids.includes(item.id));
    });
  }

  // -- a finger that stays -----------------------------------------------------------------------

  function pressed(marker, lycee, e) {
    lasso.held = false;
    if (e.pointerType === "mouse" || !takes()) return;
    const from = at(e);
    const wait = setTimeout(() => hold(marker, lycee), HOLD);
    const slips = (moved) => { if (at(moved).distanceTo(from) > SLIP) over(); };
    const over = () => {
      clearTimeout(wait);
      document.removeEventListener("pointermove", slips, true);
      for (const sign of ["pointerup", "pointercancel"]) document.removeEventListener(sign, over, true);
    };
    document.addEventListener("pointermove", slips, true);
    for (const sign of ["pointerup", "pointercancel"]) document.addEventListener(sign, over, true);
  }

  function hold(marker, lycee) {
    lasso.held = true;
    marker.dragging.disable(); // it would go with the finger
    marker.dragging.enable();
    release();
    emit({ event: "pick", id: lycee.id });
  }

  // whether the click that comes is the end of such a press
  const tookOver = () => lasso.held;

  return { setup, pressed, tookOver };
};
