// The button that starts a webinar, and the show over the page.
//
// The document comes with the page, whole: once here, starting, walking, leaving and taking up again
// ask nothing of the server. It is shown in a modal dialog, so that the page beneath, and whatever
// Streamlit draws there when the network goes, can neither be seen nor take the keys.
export default function ({ parentElement, data }) {
  const box = parentElement.querySelector(".gz-start");
  const [start, here] = box.querySelectorAll("button");
  const held = (parentElement.gzShow = parentElement.gzShow || { last: 0, dialog: null, started: false });
  held.data = data;
  here.hidden = data.step === null;
  here.textContent = `Démarrer à l'étape ${data.step === null ? 1 : data.step + 1}`;
  start.onclick = () => open(0);
  here.onclick = () => open(held.data.rank);

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
    held.listen = (e) => {
      if (e.source !== frame.contentWindow || !e.data) return;
      if (e.data.geozones === "ready" && rank) frame.contentWindow.postMessage({ geozones: "go", rank }, "*");
      if (e.data.geozones === "ready") frame.focus();
      if (e.data.geozones === "leave") close();
    };
    addEventListener("message", held.listen);
    // keys pressed while the focus is on the dialog itself go to the show
    dialog.addEventListener("keydown", (e) => {
      if (e.key === "Escape" || e.ctrlKey || e.metaKey || e.altKey) return;
      frame.contentWindow.postMessage({ geozones: "key", key: e.key }, "*");
      frame.focus();
    });
    dialog.addEventListener("cancel", (e) => { e.preventDefault(); close(); });
    document.body.append(dialog);
    held.dialog = dialog;
    dialog.showModal();
    frame.focus();
  }

  function close() {
    if (!held.dialog) return;
    removeEventListener("message", held.listen);
    held.dialog.remove();
    held.dialog = null;
    start.focus();
  }

  if (data.start && !held.started) {
    held.started = true;
    open(0);
  }
  return close;
}
