// Webinar: the start buttons, a preview of the step being edited, and the show over the page.
//
// The whole document comes with the page: starting, moving, leaving and resuming need no server. The
// document is shown in a modal dialog, so that the page beneath, and whatever Streamlit draws there
// when the network fails, can neither be seen nor take key presses. If the scenario is deleted or
// archived meanwhile, the show goes on and displays the message of #gz-show-word in the page.
export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".gz-start");
  const [start, here, desk] = box.querySelectorAll("button");
  const blocked = box.querySelector(".gz-blocked");
  const WORD_MS = 1000;
  const held = (parentElement.gzShow = parentElement.gzShow || { dialog: null, other: null, preview: null });
  held.data = data;
  here.hidden = !data.step;
  here.textContent = `Démarrer à l’étape ${(data.step || 0) + 1}`;
  start.onclick = () => open(0);
  here.onclick = () => open(held.data.rank);
  desk.onclick = () => present(held.data.rank);
  preview();

  // the same document, scaled down, at the step being edited; a changed text makes another document
  function preview() {
    const place = box.querySelector(".gz-preview");
    if (held.page !== data.page) {
      held.page = data.page;
      const frame = document.createElement("iframe");
      frame.title = "Aperçu de l’étape";
      frame.tabIndex = -1;
      frame.setAttribute("aria-hidden", "true");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.srcdoc = data.page;
      removeEventListener("message", held.ready);
      held.ready = (e) => {
        if (e.source === frame.contentWindow && e.data && e.data.geozones === "ready") look();
      };
      addEventListener("message", held.ready);
      place.replaceChildren(frame);
    }
    // laid out at screen size, then scaled down
    held.size = held.size || new ResizeObserver(() => {
      place.style.setProperty("--small", place.clientWidth / 1280);
    });
    held.size.observe(place);
    look();
  }

  function look() {
    const frame = box.querySelector(".gz-preview iframe").contentWindow;
    if (!frame) return; // the page was left meanwhile
    frame.postMessage({ geozones: "preview" }, "*");
    frame.postMessage({ geozones: "go", rank: held.data.rank }, "*");
  }

  function open(rank) {
    close();
    const dialog = document.createElement("dialog");
    dialog.className = "gz-webinar";
    dialog.setAttribute("aria-label", "Webinaire");
    dialog.style.cssText = "position:fixed;inset:0;width:100vw;height:100dvh;max-width:none;max-height:none;margin:0;padding:0;border:0;background:#0b2233;overflow:hidden";
    const frame = document.createElement("iframe");
    frame.title = "Webinaire";
    frame.allow = "fullscreen";
    // only its own script: no access to the app's cookies or pages
    frame.setAttribute("sandbox", "allow-scripts");
    frame.style.cssText = "display:block;width:100%;height:100%;border:0";
    frame.srcdoc = held.data.page;
    dialog.append(frame);
    const say = (message) => frame.contentWindow.postMessage(message, "*");
    held.listen = (e) => {
      if (e.source !== frame.contentWindow || !e.data) return;
      if (e.data.geozones === "ready") say({ geozones: "go", rank });
      if (e.data.geozones === "ready") say({ geozones: "focus" });
      if (e.data.geozones === "ready") held.said = "";
      if (e.data.geozones === "leave") close();
      if (e.data.geozones === "present") present(e.data.rank);
      if (e.data.geozones === "step") lead(held.other, e.data.rank);
    };
    addEventListener("message", held.listen);
    // forward to the show the keys pressed once Tab has left it, for the dialog or for the page
    held.keys = (e) => {
      if (["Escape", "Tab", "Shift"].includes(e.key) || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      say({ geozones: "key", key: e.key });
      say({ geozones: "focus" });
    };
    document.addEventListener("keydown", held.keys, true);
    dialog.addEventListener("cancel", (e) => { e.preventDefault(); close(); });
    addEventListener("popstate", close);
    held.said = "";
    held.watch = setInterval(word, WORD_MS);
    held.path = location.pathname;
    document.querySelectorAll("dialog.gz-webinar").forEach((old) => old.remove());
    document.body.append(dialog);
    held.dialog = dialog;
    dialog.showModal();
  }

  // the presenter's view: the same document in another window, synchronised through this page
  function present(rank) {
    const there = window.open("", "geozones-animateur", "width=1100,height=720");
    blocked.hidden = Boolean(there);
    if (!there) return;
    there.document.title = "Vue de l’animateur";
    there.document.documentElement.lang = "fr";
    there.document.body.style.margin = "0";
    const frame = there.document.createElement("iframe");
    frame.title = "Vue de l’animateur";
    frame.setAttribute("sandbox", "allow-scripts");
    frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0";
    frame.srcdoc = held.data.page;
    there.document.body.replaceChildren(frame);
    held.other = frame;
    let ready = false; // until then the view is at its own first step, which must not move the show
    there.addEventListener("message", (e) => {
      if (e.source !== frame.contentWindow || !e.data) return;
      const say = (message) => frame.contentWindow.postMessage(message, "*");
      if (e.data.geozones === "ready") {
        ready = true;
        say({ geozones: "presenter" });
        say({ geozones: "go", rank, led: true });
        say({ geozones: "word", said: held.said });
        say({ geozones: "focus" });
      }
      if (e.data.geozones === "leave") there.close();
      if (e.data.geozones === "step" && ready) lead(held.dialog && held.dialog.querySelector("iframe"), e.data.rank);
    });
  }

  function lead(frame, rank) {
    if (frame && frame.contentWindow) frame.contentWindow.postMessage({ geozones: "go", rank, led: true }, "*");
  }

  // display the page's message about the scenario, on the show and in the presenter's window
  function word() {
    const told = document.querySelector("#gz-show-word");
    const said = told ? told.dataset.said || "" : held.said;
    if (said === held.said) return;
    held.said = said;
    for (const frame of [held.dialog && held.dialog.querySelector("iframe"), held.other]) {
      if (frame && frame.contentWindow) frame.contentWindow.postMessage({ geozones: "word", said }, "*");
    }
  }

  function close() {
    if (!held.dialog) return;
    removeEventListener("message", held.listen);
    removeEventListener("popstate", close);
    document.removeEventListener("keydown", held.keys, true);
    clearInterval(held.watch);
    const dialog = held.dialog;
    held.dialog = null;
    dialog.close();
    start.focus();
    // removed later: the browser is still handling the key that was pressed inside
    setTimeout(() => dialog.remove(), 500);
  }

  // start by itself once per opened address: after later redraws, only a button starts the show
  if (data.start && !window.geozonesShowStarted) {
    window.geozonesShowStarted = true;
    open(0);
  }
  return () => {
    // a redraw of the page without a show, at the same address, does not close the running show
    if (location.pathname !== held.path) close();
    held.size.disconnect();
    removeEventListener("message", held.ready);
  };
}
