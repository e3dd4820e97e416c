// The buttons that start a webinar, a preview of the step at work, and the show over the page.
//
// The document comes with the page, whole: once here, starting, walking, leaving and taking up again
// ask nothing of the server. It is shown in a modal dialog, so that the page beneath, and whatever
// Streamlit draws there when the network goes, can neither be seen nor take the keys. What becomes of
// the scenario meanwhile is said on the show (#gz-show-word of the page), which goes on.
export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".gz-start");
  const [start, here, desk] = box.querySelectorAll("button");
  const blocked = box.querySelector(".gz-blocked");
  const WORD_MS = 1000;
  const held = (parentElement.gzShow = parentElement.gzShow || { dialog: null, other: null, preview: null });
  held.data = data;
  here.hidden = !data.step;
  here.textContent = `Démarrer à l'étape ${(data.step || 0) + 1}`;
  start.onclick = () => open(0);
  here.onclick = () => open(held.data.rank);
  desk.onclick = () => present(held.data.rank);
  preview();

  // the very document, small, on the step at work; changed words make another document
  function preview() {
    const place = box.querySelector(".gz-preview");
    if (held.page !== data.page) {
      held.page = data.page;
      const frame = document.createElement("iframe");
      frame.title = "Aperçu de l'étape";
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
    // laid out as on a screen, then made small
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
    // its own script and nothing else of the app: neither its cookies nor its pages
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
    // keys pressed while the focus is on the dialog itself go to the show
    dialog.addEventListener("keydown", (e) => {
      if (e.key === "Escape" || e.ctrlKey || e.metaKey || e.altKey) return;
      say({ geozones: "key", key: e.key });
      say({ geozones: "focus" });
    });
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

  // the presenter's window: the same document in a window of its own, led through this page
  function present(rank) {
    const there = window.open("", "geozones-animateur", "width=1100,height=720");
    blocked.hidden = Boolean(there);
    if (!there) return;
    there.document.title = "Vue de l'animateur";
    there.document.documentElement.lang = "fr";
    there.document.body.style.margin = "0";
    const frame = there.document.createElement("iframe");
    frame.title = "Vue de l'animateur";
    frame.setAttribute("sandbox", "allow-scripts");
    frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0";
    frame.srcdoc = held.data.page;
    there.document.body.replaceChildren(frame);
    held.other = frame;
    let ready = false; // until then it is at its own first step, which leads nobody
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

  // what the page has to say of what is shown, in the room and in the presenter's window
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
    clearInterval(held.watch);
    const dialog = held.dialog;
    held.dialog = null;
    dialog.close();
    start.focus();
    // gone a moment later: the browser has not done yet with the key that was pressed inside
    setTimeout(() => dialog.remove(), 500);
  }

  // once for an address that was opened: after that, whatever is drawn anew, only by a button
  if (data.start && !window.geozonesShowStarted) {
    window.geozonesShowStarted = true;
    open(0);
  }
  return () => {
    // a page that has no more to show, at the same address, does not take the show away
    if (location.pathname !== held.path) close();
    held.size.disconnect();
    removeEventListener("message", held.ready);
  };
}
