// Where lycées of a plan do not move, one that is dragged goes nowhere: one line says why.
//
// pressed(e)  a lycée was pressed; the line comes once it is dragged.
// The line leaves by itself, or at the next gesture.
window.geozonesFixed = function create(host) {
  "use strict";

  const { state, room } = host;

  const DRAGGED = 12; // pixels from which it is a drag, not a click
  const STAYS_MS = 12000;
  const line = Object.assign(document.createElement("div"), { className: "gz-fixed" });
  const shown = { timer: 0 };

  function setup(map) {
    line.setAttribute("role", "status");
    map.getContainer().append(line);
    L.DomEvent.disableClickPropagation(line);
    for (const sign of ["pointerdown", "wheel", "keydown"]) document.addEventListener(sign, leave, { capture: true, passive: true });
  }

  function pressed(e) {
    if (!state.scene.fixed || e.button !== 0) return;
    const from = [e.clientX, e.clientY];
    const moves = (now) => {
      if (Math.hypot(now.clientX - from[0], now.clientY - from[1]) < DRAGGED) return;
      stop();
      show();
    };
    const stop = () => ["pointermove", "pointerup", "pointercancel"].forEach((sign) => {
      document.removeEventListener(sign, sign === "pointermove" ? moves : stop, true);
    });
    document.addEventListener("pointermove", moves, true);
    document.addEventListener("pointerup", stop, true);
    document.addEventListener("pointercancel", stop, true);
  }

  function show() {
    line.replaceChildren(state.scene.fixed);
    const { left, right, top } = room();
    Object.assign(line.style, { left: `${(left + right) / 2}px`, top: `${top}px`, maxWidth: `${right - left}px` });
    clearTimeout(shown.timer);
    shown.timer = setTimeout(() => { if (!line.matches(":hover, :focus-within")) hide(); }, STAYS_MS);
  }

  function hide() {
    clearTimeout(shown.timer);
    line.replaceChildren();
  }

  function leave(e) {
    if (!line.contains(e.target)) hide();
  }

  return { setup, pressed };
};
