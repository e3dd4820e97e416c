// Places the first picture of the plan where the map will draw its zones: at the zoom and the centre
// that Leaflet's fitBounds chooses for the same room (zoomSnap 0.25). The map removes it once it has
// drawn; so does any page that has no map, and a fault after a while.
(() => {
  "use strict";
  const MOST_MS = 20000;
  const SETTLED_MS = 1000;
  const first = document.getElementById("gz-first");
  const room = first.firstElementChild;
  const picture = room.firstElementChild;
  const numbers = (text) => text.split(" ").map(Number);
  const [west, south, east, north] = numbers(first.dataset.zones);
  const [left, bottom, right, top] = numbers(first.dataset.box);
  function place() {
    const { clientWidth, clientHeight } = room;
    const fits = Math.min(clientWidth / (east - west), clientHeight / (south - north));
    const scale = 2 ** (Math.floor(Math.log2(fits) * 4) / 4);
    Object.assign(picture.style, {
      left: `${clientWidth / 2 + (left - (west + east) / 2) * scale}px`,
      top: `${clientHeight / 2 + (top - (south + north) / 2) * scale}px`,
      width: `${(right - left) * scale}px`,
      height: `${(bottom - top) * scale}px`,
    });
  }
  place();
  addEventListener("resize", place);
  setTimeout(() => first.remove(), MOST_MS);
  // a page that ends up without a map: a refusal, a fault; its elements may come a little after the
  // end of its script
  const page = document.body;
  const hasMap = () => page.querySelector(".st-key-gz-map");
  new MutationObserver((_, watch) => {
    if (!page.querySelector("[data-test-script-state=notRunning]") || hasMap()) return;
    watch.disconnect();
    setTimeout(() => hasMap() || first.remove(), SETTLED_MS);
  }).observe(page, { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] });
})();
