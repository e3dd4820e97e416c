// French translation of Streamlit's own texts, which are English and have no setting.
(() => {
  "use strict";
  document.documentElement.lang = "fr";
  if (window.geozonesFrench) return;
  const WORDS = {
    "streamlit_folium.st_folium": "Carte des secteurs et des zones",
    "No results": "Aucun résultat",
    "No options to select": "Rien à choisir",
    "Skip to main content": "Aller au contenu",
    "App pages": "Pages",
    "Choose an option": "Choisir",
    "Choose options": "Choisir",
    "Choose date": "Choisir une date",
    "Choose date range": "Choisir des dates",
    "Clear date": "Effacer la date",
    "Clear dates": "Effacer les dates",
    "file upload": "Choisir un fichier",
    "Clear value": "Effacer",
    "Clear all": "Effacer",
    "Open": "Ouvrir",
    "Close": "Fermer",
    "Open sidebar": "Ouvrir le menu",
    "Close sidebar": "Fermer le menu",
    "Expand sidebar": "Ouvrir le menu",
    "Collapse sidebar": "Fermer le menu",
    "Select all": "Tout choisir",
    "Selected values": "Choix",
    "Remove file": "Retirer le fichier",
    "Fullscreen": "Plein écran",
    "Close fullscreen": "Quitter le plein écran",
    "Stop": "Arrêter",
    "Rerun": "Relancer",
    "Press Enter to apply": "Entrée pour valider",
    "Decrement": "Moins",
    "Increment": "Plus",
    "Error": "À corriger",
    "Error:": "À corriger : ",
    "Request timed out": "Le fichier est long à préparer : demandez-le de nouveau dans quelques minutes.",
    "Connection closed": "Connexion perdue : demandez ce fichier de nouveau.",
    "Download failed": "Le fichier n'a pas pu être préparé. Rechargez la page, puis réessayez.",
  };
  // a number out of range stays as typed: the valid range is shown under it, and in its tooltip
  const NUMBERS = [
    [/Number is outside the allowed range\. Please enter a value between (\S+) and (\S+)\./, "un nombre de $1 à $2. La valeur d'avant est gardée."],
    [/Number is below the allowed range\. Please enter a value greater than or equal to (\S+)\./, "un nombre d'au moins $1. La valeur d'avant est gardée."],
    [/Number is above the allowed range\. Please enter a value less than or equal to (\S+)\./, "un nombre d'au plus $1. La valeur d'avant est gardée."],
  ];
  // errors of an upload: another process may have answered, or a proxy refused the file
  const NOT_SENT = "L'envoi n'a pas abouti : réessayez ; si cela recommence, rechargez la page. Votre travail est gardé.";
  const TOO_LARGE = "Ce fichier est trop lourd pour le serveur.";
  const TOO_MANY = "Trop de fichiers attendent d'être lus : lisez-les ou retirez-en, puis envoyez celui-ci de nouveau.";
  const SERVER_FULL = "Le serveur a trop de fichiers à lire en ce moment : renvoyez celui-ci dans quelques minutes.";
  const TOO_LARGE_TO_SEND = /^(?:Error: )?File must be ([\d.]+)MB or smaller\./;
  // the size of a file stands after its name; elsewhere « 0492224B » is a code
  const SIZE = /^([\d.]+) ?(B|KB|MB|GB)$/;
  const SIZED = '[data-testid="stFileChipName"] + *';
  const UNITS = { B: "o", KB: "ko", MB: "Mo", GB: "Go" };
  // what lists say to screen readers at each letter: politely, not over what is being read
  const ANNOUNCED = [
    [/^(?:No|0) options? available\.$/, "Aucun choix."],
    [/^(\d+) options? available\.$/, "$1 choix."],
    [/^(.+), selected$/, "$1, choisi"],
  ];
  const NO_MORE = /^You can only select up to (\d+) options?\. Remove an option first\.$/;
  const NOT_THIS_KIND = /^(?:Error: )?\S+ ?(?:type of)? files are not allowed\.$/;
  // quotation marks stay on the line of their words, hours with their minutes, apostrophes are curly; what is typed or
  // copied is left as it is
  const APART = / (?=»)|(?<=«) |(?<=\d) (?=h \d\d)|(?<=\d h) (?=\d\d)/g;
  const APOSTROPHE = /(?<=\p{L})'(?=[\p{L}\p{N}_«])/gu;
  const TYPED = "textarea, pre, code, kbd, script, style, [contenteditable]";
  const ANNOUNCER = '[role="log"][aria-live="assertive"]';
  const BESIDE = '[data-testid^="stNumberInputStep"], .react-aria-ComboBox button[aria-haspopup="listbox"]';
  const ADD = "Add: ";
  const PICKER = '[data-testid="stFileUploaderDropzone"] button:not([data-testid="stFileChipDeleteBtn"] *)';
  const CHOOSE = "Choisir un fichier";
  const NAMED = ["aria-label", "aria-valuetext", "title", "placeholder", "data-head"];
  // parts of a date, and the date that is chosen
  const PARTS = { day: "jour", month: "mois", year: "année" };
  const PART = /^(day|month|year), (.+)$/;
  const MONTH = /^(\d+) – [A-Z][a-z]+$/;
  const CHOSEN = /^Selected Date: (.+)$/;
  const inFrench = (day, form) => new Date(day).toLocaleDateString("fr", form);

  const typeset = (text) => text.replace(APART, "\u00a0").replace(APOSTROPHE, "’");

  function translate(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const french = WORDS[node.data.trim()];
      if (french) node.data = french;
      else if (CHOSEN.test(node.data)) node.data = `Date choisie : ${inFrench(CHOSEN.exec(node.data)[1], { dateStyle: "long" })}`;
      else if (node.data.startsWith(ADD)) node.data = `Chercher : ${node.data.slice(ADD.length)}`;
      else if (NO_MORE.test(node.data)) node.data = node.data.replace(NO_MORE, "$1 au plus : retirez d'abord un choix.");
      else if (NOT_THIS_KIND.test(node.data)) node.data = "Un fichier de ce type ne se lit pas ici : retirez-le, puis choisissez-en un autre.";
      else if (node.data.startsWith("AxiosError")) node.data = node.data.includes("413") ? TOO_LARGE : node.data.includes("429") ? TOO_MANY : node.data.includes("507") ? SERVER_FULL : NOT_SENT;
      else if (node.parentElement?.closest('[role="log"]')) {
        const [english, words] = ANNOUNCED.find(([each]) => each.test(node.data)) ?? [];
        if (english) node.data = node.data.replace(english, words);
      } else if (SIZE.test(node.data) && node.parentElement?.matches(SIZED)) node.data = node.data.replace(SIZE, (_, size, unit) => `${size.replace(".", ",")} ${UNITS[unit]}`);
      else if (TOO_LARGE_TO_SEND.test(node.data)) {
        node.data = node.data.replace(TOO_LARGE_TO_SEND, (_, most) => `Ce fichier dépasse ${Number(most)} Mo : il n'a pas été envoyé.`);
      } else if (node.data.includes(" the allowed range")) {
        const said = NUMBERS.reduce((text, [english, words]) => text.replace(english, words), node.data);
        node.data = said.replace(/^Error: /, "À corriger : ").replace(/^: /, " : ");
      }
      const bound = typeset(node.data);
      if (bound !== node.data && !node.parentElement?.closest(TYPED)) node.data = bound;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of NAMED) {
      const said = node.getAttribute(name) ?? "";
      const french = WORDS[said] ?? typeset(said);
      if (french !== said) node.setAttribute(name, french);
    }
    const [, part, field] = PART.exec(node.getAttribute("aria-label")) ?? [];
    if (part) node.setAttribute("aria-label", `${PARTS[part]}, ${field}`);
    const [, month] = MONTH.exec(node.getAttribute("aria-valuetext")) ?? [];
    if (month && node.dataset.type === "month") {
      const name = `${month} – ${inFrench(`2000-${month.padStart(2, "0")}-15`, { month: "long" })}`;
      if (node.getAttribute("aria-valuetext") !== name) node.setAttribute("aria-valuetext", name);
    }
    const end = / — (start|end)$/.exec(node.getAttribute("aria-label"));
    if (end) node.setAttribute("aria-label", node.getAttribute("aria-label").replace(end[0], end[1] === "start" ? " : au moins" : " : au plus"));
    const colour = / color picker$/.exec(node.getAttribute("aria-label"));
    if (colour) node.setAttribute("aria-label", `${node.getAttribute("aria-label").slice(0, colour.index)} : choisir`);
    const keys = /^Shortcut (.+)$/.exec(node.getAttribute("aria-label"));
    if (keys) node.setAttribute("aria-label", `Raccourci ${keys[1].replace("Shift", "Maj")}`);
    // which number a stepper changes, which list an arrow opens
    if (node.matches(BESIDE) && !node.hasAttribute("aria-description")) {
      const field = node.closest('[data-testid="stNumberInput"], .react-aria-ComboBox')?.querySelector("input")?.getAttribute("aria-label");
      if (field) node.setAttribute("aria-description", field);
    }
    if (node.matches(".st-key-gz-scenario-name input:not([title])")) node.title = node.getAttribute("aria-label") ?? ""; // its label is out of sight
    const help = /^Help(?: for (.+))?$/.exec(node.getAttribute("aria-label"));
    if (help) node.setAttribute("aria-label", help[1] ? `Aide : ${help[1]}` : "Aide");
    if (node.matches(ANNOUNCER)) node.setAttribute("aria-live", "polite");
    const removed = /^Remove (.+)$/.exec(node.getAttribute("aria-label"));
    if (removed && node.closest("button")) node.setAttribute("aria-label", `Retirer ${removed[1]}`);
    // the style sheet hides the English text of the picker and writes the French one
    if (node.matches(PICKER) && node.getAttribute("aria-label") !== CHOOSE) {
      node.setAttribute("aria-label", CHOOSE);
    }
    node.childNodes.forEach(translate);
  }

  window.geozonesFrench = new MutationObserver((changes) => changes.forEach((change) => {
    if (change.type === "childList") change.addedNodes.forEach(translate);
    else translate(change.target);
  }));
  translate(document.body);
  window.geozonesFrench.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMED });
})();

// Banner for a server that cannot be reached or does not answer: Streamlit opens an English window over
// the page, or shows nothing. The banner disappears once the server answers; gestures made on the map
// meanwhile are sent then. Its window for an address that names no page goes too: the page says so.
(() => {
  "use strict";
  if (window.geozonesConnection) return;
  const LOST = "Connexion perdue, nouvel essai… vos changements sont gardés ; les boutons grisés reviendront avec elle.";
  const LOOK = "position:fixed;left:50%;top:.6rem;transform:translateX(-50%);width:max-content;max-width:calc(100vw - 1.6rem);"
    + "z-index:1000200;box-sizing:border-box;padding:.5rem 1rem;"
    + "border-radius:6px;background:#7a4300;color:#fff;font-weight:600;box-shadow:0 2px 10px rgba(0,0,0,.3)";
  // milliseconds: between two checks of the server, timeout of a check, before a retry
  const [PULSE, PATIENCE, RETRY] = [4000, 4000, 1000];
  const banner = document.createElement("div");
  banner.setAttribute("aria-live", "polite");
  banner.id = "gz-connection";
  let silent = false;

  function look() {
    closeWindow(/^page not found/i);
    const app = document.querySelector('[data-testid="stApp"]');
    const state = app && app.dataset.testConnectionState;
    if (!state || state === "INITIAL") return;
    const lost = silent || state !== "CONNECTED";
    if (lost) closeWindow(/connection error|not responding/i);
    if (lost === Boolean(banner.textContent)) return;
    banner.textContent = lost ? LOST : "";
    banner.style.cssText = lost ? LOOK : "position:absolute";
  }

  function closeWindow(subject) {
    document.querySelectorAll('[data-testid="stDialog"]').forEach((box) => {
      if (!subject.test(box.textContent.trim())) return;
      box.style.visibility = "hidden";
      box.querySelector("button").click();
    });
  }

  async function ask() {
    const health = new URL("_stcore/health", document.baseURI);
    const answer = fetch(health, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    silent = !document.hidden && !(await answer.then(({ ok }) => ok, () => false));
    look();
    setTimeout(ask, silent ? RETRY : PULSE);
  }

  document.body.append(banner);
  window.geozonesConnection = new MutationObserver(look);
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-connection-state"] };
  window.geozonesConnection.observe(document.body, options);
  setTimeout(ask, PULSE);
})();
