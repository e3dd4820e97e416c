// Streamlit's own words are English and it has no setting for them: say them in French.
(() => {
  "use strict";
  document.documentElement.lang = "fr";
  if (window.geozonesFrench) return;
  const WORDS = {
    "No results": "Aucun résultat",
    "No options to select": "Rien à choisir",
    "Skip to main content": "Aller au contenu",
    "App pages": "Pages",
    "Clear value": "Effacer",
    "Clear all": "Effacer",
    "Open": "Ouvrir",
    "Close": "Fermer",
    "Open sidebar": "Ouvrir le menu",
    "Close sidebar": "Fermer le menu",
    "Expand sidebar": "Ouvrir le menu",
    "Collapse sidebar": "Fermer le menu",
    "Remove file": "Retirer le fichier",
    "Fullscreen": "Plein écran",
    "Close fullscreen": "Quitter le plein écran",
    "Stop": "Arrêter",
    "Rerun": "Relancer",
  };
  const PICKER = '[data-testid="stFileUploaderDropzone"] button';
  const CHOOSE = "Choisir un fichier";
  const NAMED = ["aria-label", "title", "placeholder"];

  function translate(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const french = WORDS[node.data.trim()];
      if (french) node.data = french;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of NAMED) {
      const french = WORDS[node.getAttribute(name)];
      if (french) node.setAttribute(name, french);
    }
    // its own words are hidden by the style sheet, which writes the French ones
    if (node.matches(PICKER) && node.getAttribute("aria-label") !== CHOOSE) {
      node.setAttribute("aria-label", CHOOSE);
    }
    node.childNodes.forEach(translate);
  }

  window.geozonesFrench = new MutationObserver((changes) => changes.forEach((change) => {
    if (change.type === "attributes") translate(change.target);
    else change.addedNodes.forEach(translate);
  }));
  translate(document.body);
  window.geozonesFrench.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: NAMED });
})();
