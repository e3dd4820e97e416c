// Landmarks of every page: a header with the menu of the pages before the content, a footer after it.
//
// Streamlit draws its links and the footer inside `main`. The menu here stands for its links, which are hidden:
// a click is handed to the link that it stands for. The footer is moved out of `main` each time it is drawn; where
// the panel of the map is a sheet, which scrolls by itself, the footer is at its end.
(() => {
  "use strict";
  if (window.geozonesLandmarks) return;
  window.geozonesLandmarks = true;
  const bar = Object.assign(document.createElement("header"), { id: "gz-bar" });
  const skips = Object.assign(document.createElement("div"), { className: "gz-skips" });
  const menu = Object.assign(document.createElement("nav"), { id: "gz-nav" });
  const list = document.createElement("ul");
  let page = null;
  let heading = null;
  // the part of the page that the address names: drawn after the browser would scroll to it, and moved
  // by what is drawn above it, until someone scrolls or types
  let named = location.hash.slice(1);
  for (const gesture of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(gesture, () => { named = ""; }, { capture: true, passive: true, once: true });
  }

  // Streamlit writes the address of the first page as an empty one, which leads to the page at hand
  const address = (source) => source.getAttribute("href").replace(/^(?=\?|$)/, "./");
  const lastPart = (path) => path.split("?")[0].split("/").pop();

  function row(source) {
    const link = document.createElement("a");
    link.textContent = source.querySelector("p").textContent;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab or window
      event.preventDefault();
      sources()[[...list.children].indexOf(link.parentElement)].click();
    });
    const item = document.createElement("li");
    item.append(link);
    return item;
  }

  const sources = () => document.querySelectorAll(".st-key-gz-nav a");

  function drawMenu() {
    const found = [...sources()];
    menu.hidden = !found.length;
    if (list.children.length !== found.length) list.replaceChildren(...found.map(row));
    const here = document.body.dataset.kind === "map" ? "" : lastPart(location.pathname);
    found.forEach((source, rank) => {
      const link = list.children[rank].firstChild;
      if (link.getAttribute("href") !== address(source)) link.href = address(source);
      const current = lastPart(address(source)) === here;
      if (current !== link.hasAttribute("aria-current")) link.toggleAttribute("aria-current", current);
      if (current) link.setAttribute("aria-current", "page");
    });
  }

  const narrow = matchMedia("(max-width: 900px)");
  const flows = () => getComputedStyle(document.body).getPropertyValue("--gz-flows") !== "";
  const sheet = () => narrow.matches && document.body.dataset.kind === "map" && !flows() && document.querySelector(".st-key-gz-over-left");
  let foot = null;
  function moveFooter() {
    const drawn = [...document.querySelectorAll("#gz-foot")].find((each) => each !== foot);
    if (drawn) foot?.remove();
    foot = drawn ?? foot;
    const panel = foot && sheet();
    if (panel && panel.lastChild !== foot) panel.append(foot);
    if (foot && !panel && foot.parentElement !== document.body) document.getElementById("root").after(foot);
  }

  // the page changes without being loaded: its title is said, as it is when a page is loaded
  function sayPage() {
    const title = document.querySelector("main h1")?.textContent;
    const { page: shown } = document.body.dataset;
    if (!title || (shown !== page && title === heading)) return; // until then the title is that of the page before
    if (page && shown !== page) window.geozonesAttention.say(title);
    page = shown;
    heading = title;
  }

  // fields that go together are a group that has a name: what an expander holds, what stands under a heading
  function nameGroups() {
    for (const box of document.querySelectorAll('main [data-testid="stExpander"] details:not([aria-label])')) {
      box.setAttribute("aria-label", box.querySelector("summary p")?.textContent ?? "");
    }
    for (const box of document.querySelectorAll('[class*="st-key-gz-group"]:not([role])')) {
      const name = box.querySelector("h2, h3, h4")?.textContent;
      if (!name) continue;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", name);
    }
  }

  function goToPart() {
    if (named) document.getElementById(named)?.scrollIntoView();
  }

  function look() {
    nameGroups();
    goToPart();
    // Streamlit's own header holds its indicator only
    document.querySelector('header[data-testid="stHeader"]:not([role])')?.setAttribute("role", "presentation");
    drawMenu();
    moveFooter();
    sayPage();
  }

  menu.setAttribute("aria-label", "Pages");
  menu.append(Object.assign(document.createElement("span"), { className: "gz-brand", textContent: "geozones" }), list);
  bar.append(skips, menu);
  document.body.prepend(bar);
  new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-page", "data-kind", "href"],
  });
  addEventListener("resize", moveFooter);
  look();
})();
