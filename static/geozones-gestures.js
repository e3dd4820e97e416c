// Tells the server what the user does on the map, each gesture once and in order.
//
// A value that the component sends replaces the one before it, read or not: each goes with those
// that no scene has answered yet, numbered. After a lost connection they are sent again.
//
// emit(event)      sends a gesture; state.told is its number.
// drawn(scene)     a scene says which gestures it takes into account.
window.geozonesGestures = function create(state) {
  "use strict";

  const MOST = 200; // gestures kept unanswered
  const TRIES = 4;
  const IDLE = 2000; // milliseconds after an answer has ended, for the map to draw it
  const visit = `${Date.now()}-${Math.random()}`;
  const link = { sent: 0, tries: 0, resent: 0, idle: 0 };
  let waiting = [];

  // what is clicked is named by the page before the server answers; a zone clicked after a lycée is aimed at
  function name({ event, id }) {
    const { scene } = state;
    const lists = { zone: scene?.zones, lycee: scene?.lycees };
    const found = lists[event]?.find((each) => each.id === id);
    const aims = event === "zone" && scene.editable && (scene.selected || scene.picked.length);
    if (!found || aims || scene.siting || !window.frameElement) return;
    const card = scene.hints ? ask(`card/${scene.hints}/${event}/${encodeURIComponent(id)}`) : null;
    tellPage("gz-clicked", { name: found.name, card });
  }

  // the server's answer about the plan on screen, without a rerun of the page; null if it has none
  async function ask(path) {
    try {
      const answer = await fetch(`../../app/live/${path}`);
      return answer.ok ? await answer.json() : null; // a server started anew has drawn nothing yet
    } catch {
      return null; // the connection is lost
    }
  }

  function tellPage(event, detail) {
    const page = window.frameElement?.ownerDocument;
    page?.dispatchEvent(new page.defaultView.CustomEvent(event, { detail }));
  }

  function emit(event) {
    state.told += 1;
    name(event);
    waiting = [...waiting, { ...event, rank: state.told }].slice(-MOST);
    link.resent = 0;
    if (window.Streamlit) send();
    // outside the app (an exported page), the page itself answers
    else window.dispatchEvent(new CustomEvent("geozones", { detail: event }));
  }

  function send() {
    link.sent += 1; // the same gestures again are another value
    window.Streamlit.setComponentValue({ visit, sent: link.sent, gestures: waiting });
  }

  function drawn(scene) {
    waiting = waiting.filter(({ rank }) => rank > scene.answered);
    if (!waiting.length) tellPage("gz-answered");
  }

  // the page around says whether it reaches the server, and when the server has ended an answer: a gesture that no
  // answer takes into account was lost on its way
  function watch(lost) {
    const app = window.parent !== window && window.parent.document.querySelector('[data-testid="stApp"]');
    if (!app) return;
    new MutationObserver(() => {
      const { testConnectionState, testScriptState } = app.dataset;
      if (testConnectionState !== "CONNECTED") {
        link.tries = TRIES;
        lost();
      }
      else if (testScriptState !== "notRunning") clearTimeout(link.idle);
      else if (link.tries) again();
      else if (waiting.length && link.resent < TRIES) {
        clearTimeout(link.idle);
        link.idle = setTimeout(() => { link.resent += 1; if (waiting.length) send(); }, IDLE);
      }
    }).observe(app, { attributes: true });
  }

  // a server that was started anew takes gestures from its second run on: the first draws the map
  function again() {
    link.tries -= 1;
    if (waiting.length) send();
  }

  return { emit, drawn, watch, ask, tellPage };
};
