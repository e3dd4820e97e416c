// The interactive map of an exported page: the map and the list say the same, and answer each other.
//
// interactive(data, first): data as render.standalone_map.scenes_json gives it; first says what is
// looked at when the page opens, and the words of what a search found.
function interactive(data, first) {
  "use strict";

  geozones.learn(data.shapes, data.entries);
  const map = L.map("map", { ...data.options, zoomControl: false });
  geozones.setup(map, data.ground);
  const state = { when: "after", place: "view", zones: first.zones, lycee: null, layers: {}, looks: 0 };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const sectors = all("details.sector");
  const zones = all("details.zone");
  const rows = all("tr[data-lycee]");

  function draw() {
    const scene = data.scenes[`${state.when} ${state.place}`] || data.scenes[`${state.when} view`];
    geozones.draw(null, {
      ...scene,
      view: { ...scene.view, key: `${scene.view.key} ${state.looks}` },
      selected_zones: state.zones,
      selected: state.lycee,
      layers: state.layers,
    });
    rows.forEach((row) => row.classList.toggle("chosen", row.dataset.lycee === state.lycee));
  }

  function look(place) {
    state.place = place;
    state.looks += 1;
  }

  // the list of the plan shown: before and after each have their own
  const shown = (elements) => elements.filter((element) => !element.closest("[data-when]").hidden);

  // -- the list --------------------------------------------------------------------------------------

  sectors.forEach((sector) => sector.firstElementChild.addEventListener("click", () => {
    const opens = !sector.open; // the click comes before the change
    sectors.forEach((other) => {
      if (other !== sector) other.open = opens && other.dataset.sector === sector.dataset.sector;
    });
    state.zones = [];
    state.lycee = null;
    look(opens ? `sector ${sector.dataset.sector}` : "view");
    draw();
  }));
  zones.forEach((zone) => zone.firstElementChild.addEventListener("click", () => {
    state.zones = zone.open ? [] : [zone.dataset.zone];
    state.lycee = null;
    draw();
  }));
  rows.forEach((row) => row.querySelector("button").addEventListener("click", () => {
    state.lycee = row.dataset.lycee;
    state.zones = [row.closest("details.zone").dataset.zone];
    draw();
  }));

  function show(element) {
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (let box = element; box; box = box.parentElement.closest("details")) {
      if (box.tagName === "DETAILS") box.open = true;
    }
    element.scrollIntoView({ block: "nearest", behavior: reduced ? "auto" : "smooth" });
  }

  // -- the map ---------------------------------------------------------------------------------------

  addEventListener("geozones", (e) => {
    const { event, id } = e.detail;
    if (event !== "zone" && event !== "lycee") return;
    const row = event === "lycee" ? shown(rows).find((entry) => entry.dataset.lycee === id) : null;
    const zone = row ? row.closest("details.zone") : shown(zones).find((entry) => entry.dataset.zone === id);
    if (!zone) return;
    zones.forEach((other) => { if (other !== zone) other.open = false; });
    sectors.forEach((other) => { if (!other.contains(zone)) other.open = false; });
    state.zones = [zone.dataset.zone];
    state.lycee = row ? id : null;
    draw();
    show(zone);
    if (row) show(row);
  });

  all("[data-point]").forEach((button) => button.addEventListener("click", () => {
    dispatchEvent(new CustomEvent("geozones", { detail: { event: "zone", id: button.dataset.point } }));
  }));

  // -- tools -----------------------------------------------------------------------------------------

  const whole = document.getElementById("whole");
  if (whole) whole.addEventListener("click", () => {
    [...sectors, ...zones].forEach((box) => { box.open = false; });
    state.zones = [];
    state.lycee = null;
    look("view");
    draw();
  });
  all("[data-layer]").forEach((box) => box.addEventListener("change", () => {
    state.layers[box.dataset.layer] = box.checked;
    draw();
  }));
  all("[name=when]").forEach((choice) => choice.addEventListener("change", () => {
    state.when = choice.value; // the same extent: the map does not move
    all("[data-when]").forEach((part) => { part.hidden = part.dataset.when !== state.when; });
    search();
    draw();
  }));

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  // its name, code and commune; not who would come to it
  const called = (row) => plain(`${row.cells[0].textContent} ${row.cells[1].textContent}`);
  function search() {
    const wanted = plain(document.getElementById("search").value.trim());
    let count = 0;
    for (const zone of zones) {
      const mine = [...zone.querySelectorAll("tr[data-lycee]")];
      const found = mine.filter((row) => !wanted || called(row).includes(wanted));
      mine.forEach((row) => { row.hidden = !found.includes(row); });
      zone.hidden = !found.length;
      if (wanted) zone.open = found.length > 0;
      if (shown([zone]).length) count += found.length;
    }
    for (const sector of sectors) {
      sector.hidden = [...sector.querySelectorAll("details.zone")].every((zone) => zone.hidden);
      if (wanted) sector.open = !sector.hidden;
    }
    document.getElementById("found").textContent = wanted ? `${count} ${count > 1 ? first.found.more : first.found.one}` : "";
  }
  document.getElementById("search").addEventListener("input", search);

  // -- paper -----------------------------------------------------------------------------------------

  // the map is drawn for the paper before it is printed, then for the screen again
  function fit(printed) {
    document.body.classList.toggle("printing", printed);
    map.invalidateSize({ animate: false });
    look(state.place);
    draw();
  }
  addEventListener("beforeprint", () => fit(true));
  addEventListener("afterprint", () => fit(false));

  draw();
}
