// Copy buttons: a text, the address of the page, the picture beside them. Each shows whether the copy
// succeeded, for the eye and for screen readers.
(() => {
  "use strict";
  if (window.geozonesCopy) return;
  window.geozonesCopy = true;
  const SAID_MS = 2500;

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-view], [data-copy-image]");
    if (!button) return;
    const { copy, copyView, copyImage } = button.dataset;
    const done = copyImage !== undefined ? image(button.closest("figure").querySelector("img"))
      : text(copy !== undefined ? copy : view(copyView));
    done.then(() => say(button, "Copié"), () => say(button, copyImage === undefined
      ? "Copie impossible : sélectionnez le texte"
      : "Copie impossible : clic droit sur l'image, « Copier »"));
  });

  // the current address, under the public base address
  function view(base) {
    const here = new URL(window.location);
    here.searchParams.delete("retour");
    const path = here.pathname.slice(here.pathname.lastIndexOf("/"));
    return base.replace(/\/$/, "") + path + here.search;
  }

  async function text(words) {
    // a browser gives access to its clipboard to secure pages only
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(words);
    const box = document.createElement("textarea");
    box.value = words;
    box.style.cssText = "position:fixed;opacity:0";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) throw new Error("refused");
  }

  // clipboards take PNG; the preview is in a lighter format
  async function image(picture) {
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const png = new Promise((done) => { canvas.toBlob(done, "image/png"); });
    return navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
  }

  function say(button, words) {
    button.dataset.label = button.dataset.label || button.textContent;
    button.textContent = words;
    button.setAttribute("aria-live", "polite");
    clearTimeout(button.gzSaid);
    button.gzSaid = setTimeout(() => { button.textContent = button.dataset.label; }, SAID_MS);
  }
})();
