// What runs in the page. Times are those of the frame in which the change is seen.
if (window === window.top) window.probe = (() => {
  const TITLE = 'iframe[src*="streamlit_folium"]';
  // the panel of the app, and that of the naive page
  const PANEL = ":is(.st-key-gz-over-left, .st-key-gz-panel)";
  const inside = () => {
    const frame = document.querySelector(TITLE);
    return frame && frame.contentWindow && frame.contentWindow.map ? frame.contentWindow : null;
  };
  const layers = () => inside() ? Object.values(inside().map._layers) : [];
  const near = (layer, at) => {
    const p = layer.getLatLng();
    return Math.abs(p.lat - at[0]) < 1e-6 && Math.abs(p.lng - at[1]) < 1e-6;
  };
  const circles = () => layers().filter((layer) => layer.getRadius && layer._path);

  // the sign of a lycée, and the shape of a zone, in the app and in the naive page
  function sign(lycee) {
    if (!inside()) return null;
    const own = inside().document.querySelector(`[data-uai="${lycee.id}"]`);
    if (own) return own;
    const circle = circles().find((layer) => near(layer, lycee.at));
    return circle ? circle._path : null;
  }
  function shape(zone) {
    if (!inside()) return null;
    const own = inside().document.querySelector(`path[data-zone="${zone}"]`);
    if (own) return own;
    const found = layers().find((l) => l.feature && l.feature.properties.id === zone && l._path);
    return found ? found._path : null;
  }
  const signs = () => inside()
    ? inside().document.querySelectorAll("[data-uai]").length || circles().length : 0;
  const wears = (lycee, zone, colour) => {
    const element = sign(lycee);
    if (!element) return false;
    return element.dataset.uai ? element.dataset.zone === zone
      : element.getAttribute("fill") === colour;
  };

  const text = (css) => {
    const element = document.querySelector(css);
    return element ? element.textContent : "";
  };
  // the app writes curly apostrophes, data and the naive page straight ones
  const straight = (words) => (words ?? "").replaceAll("’", "'");
  const title = () => straight(text(`${PANEL} h3`));
  const figures = () => text(".gz-figures");
  const button = () => [...document.querySelectorAll(`${PANEL} button`)]
    .find((b) => b.textContent.includes("Déplacer vers") && !b.disabled);
  const resting = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    return Boolean(app) && app.dataset.testScriptState === "notRunning" && signs() > 0;
  };

  function click(element, at) {
    const point = at ? inside().map.latLngToContainerPoint(at) : { x: 0, y: 0 };
    const box = inside().map.getContainer().getBoundingClientRect();
    element.dispatchEvent(new (element.ownerDocument.defaultView.MouseEvent)("click", {
      bubbles: true, cancelable: true, clientX: box.left + point.x, clientY: box.top + point.y,
    }));
  }

  // milliseconds from `start` until each of `tests` holds
  function until(start, tests, limit = 10000) {
    const found = {};
    return new Promise((resolve) => {
      const look = () => {
        const now = performance.now();
        for (const [name, test] of Object.entries(tests)) {
          if (!(name in found) && test()) found[name] = now - start;
        }
        if (Object.keys(tests).every((name) => name in found)) resolve(found);
        else if (now - start > limit) resolve({ ...found, late: true });
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }

  // its name, which the app's page writes by itself, then its facts, which the server sends
  const named = ({ name }) => {
    const panel = () => title() === straight(name);
    return { panel, facts: () => panel() && !document.querySelector(`${PANEL} .gz-coming`) };
  };
  const clickLycee = (lycee) => {
    const start = performance.now();
    click(sign(lycee), lycee.at);
    return until(start, named(lycee));
  };
  const clickZone = (zone) => {
    const start = performance.now();
    click(shape(zone.id), zone.at);
    return until(start, named(zone));
  };
  const aim = (zone) => {
    click(shape(zone.id), zone.at);
    return until(performance.now(), { button: () => straight(button()?.textContent).includes(straight(zone.name)) });
  };

  // what the browser shows of a move by itself, or the server's scene where that is first
  const touched = (move) => inside()?.document.querySelector(`[data-dropped="${move.zone.id}"]`)
    || wears(move.lycee, move.zone.id, move.colour);
  const moved = (start, move) => {
    const before = figures();
    return until(start, {
      first: () => touched(move),
      told: () => touched(move) && figures() !== before,
      map: () => wears(move.lycee, move.zone.id, move.colour),
      figures: () => figures() !== before && !document.querySelector(".gz-figures[aria-busy]"),
    });
  };
  const press = (move) => {
    const start = performance.now();
    const result = moved(start, move);
    button().click();
    return result;
  };
  // the real mouse is Playwright's: the clock starts when the page sees the button go up
  const armPress = () => {
    window.pressed = new Promise((resolve) => {
      inside().document.addEventListener("pointerdown", () => {
        const tinted = () => inside().document.querySelector("[data-grade]");
        resolve(until(performance.now(), { tint: () => Boolean(tinted()) }));
      }, { capture: true, once: true });
    });
  };
  const armDrop = (move) => {
    window.dropped = new Promise((resolve) => {
      inside().document.addEventListener("mouseup", () => {
        resolve(moved(performance.now(), move));
      }, { capture: true, once: true });
    });
  };

  // to another page by its link, and whether the map is the same; `name` is the page's own
  const turn = ({ link, name }) => {
    const start = performance.now();
    const found = [...document.querySelectorAll(".st-key-gz-nav a")].find((a) => a.textContent.includes(link));
    found.click();
    const there = () => document.body.dataset.page === name
      && (name === "carte" ? document.querySelector(PANEL) : text("h1").includes(link));
    return until(start, { page: () => Boolean(there()) });
  };

  const quiet = (pause = 350) => new Promise((resolve) => {
    let since = performance.now();
    const start = since;
    let draws = "";
    const look = () => {
      const now = performance.now();
      const count = inside() ? inside().map.getContainer().dataset.draws || "" : "";
      if (!resting() || count !== draws) since = now;
      draws = count;
      if (now - since > pause || now - start > 20000) resolve(now - start);
      else requestAnimationFrame(look);
    };
    look();
  });
  const mark = (value) => { inside().benchmarkMark = value; };
  const marked = (value) => inside() !== null && inside().benchmarkMark === value;
  const where = () => {
    const centre = inside().map.getCenter();
    return [inside().map.getZoom(), centre.lat, centre.lng];
  };
  const look = (view) => inside().map.setView([view.lat, view.lng], view.zoom, { animate: false });
  // whether nothing of the page lies over the map there
  const bare = (x, y) => Boolean(document.elementFromPoint(x, y)?.matches(TITLE));
  const onScreen = (element) => {
    const frame = document.querySelector(TITLE).getBoundingClientRect();
    const box = element.getBoundingClientRect();
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const top = inside().document.elementFromPoint(x, y);
    const at = { x: frame.left + x, y: frame.top + y };
    return { ...at, reached: bare(at.x, at.y) && Boolean(top) && element.contains(top) };
  };
  const place = (at) => {
    const frame = document.querySelector(TITLE).getBoundingClientRect();
    const box = inside().map.getContainer().getBoundingClientRect();
    const p = inside().map.latLngToContainerPoint(at);
    const size = inside().map.getSize();
    const onPage = { x: frame.left + box.left + p.x, y: frame.top + box.top + p.y };
    const clear = p.x > 30 && p.y > 30 && p.x < size.x - 30 && p.y < size.y - 30;
    return { ...onPage, reached: clear && bare(onPage.x, onPage.y) };
  };

  // the picture that the page begins with, or the map itself where there is none
  const pictured = () => {
    const picture = document.querySelector("#gz-first img");
    return picture ? picture.complete && picture.naturalWidth > 0 : signs() > 0;
  };
  const first = until(0, { picture: pictured, paint: () => signs() > 0 }, 60000);
  // how much what is seen moved by itself, and the bytes of the files of the page and of the map
  let shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  const received = () => [window, inside()].flatMap(({ performance }) =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")])
    .reduce((sum, { transferSize }) => sum + transferSize, 0);
  return {
    clickLycee, clickZone, aim, press, armPress, armDrop, quiet, mark, marked, where, look, sign,
    onScreen, place, signs, first, turn, received, shifted: () => shift,
  };
})();
