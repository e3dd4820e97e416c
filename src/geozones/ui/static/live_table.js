// Tables whose controls send gestures: lists and padlocks of a week, numbers typed for lycées, rows that open.
//
// The server draws the table and receives each gesture together with the gestures not yet answered: a
// gesture made while another is being answered is not lost. A list shows the server's value: it is
// reset at once, so that a refused change leaves nothing behind. Numbers are sent together, once the
// user leaves the table or asks to save: they are one step of the history.
const TRIES = 4;

export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".gz-live-table");
  const held = (parentElement.gzLiveTable = parentElement.gzLiveTable || {
    visit: crypto.randomUUID(),
    rank: data.answered,
    waiting: [],
    markup: null,
  });
  held.send = () => setTriggerValue("edits", { visit: held.visit, gestures: [...held.waiting] });
  held.watching ||= watch(held);
  held.waiting = held.waiting.filter((gesture) => gesture.rank > data.answered);
  if (held.markup !== data.markup) {
    held.markup = data.markup;
    const focused = box.contains(document.activeElement) && document.activeElement.dataset.at;
    const { scrollLeft = 0, scrollTop } = box.querySelector(".gz-scroll") || {};
    const unsent = typed();
    held.isDrawing = true; // a field that is removed loses the focus: nobody left the table
    box.innerHTML = data.markup;
    held.isDrawing = false;
    const scroll = box.querySelector(".gz-scroll");
    // the row that is open is in sight at first; then the list stays where the user left it
    const row = box.querySelector("[aria-current]")?.closest("tr, li");
    const middle = (element) => element.getBoundingClientRect().top + element.offsetHeight / 2;
    if (scroll) scroll.scrollTo(scrollLeft, scrollTop ?? (row ? middle(row) - middle(scroll) : 0));
    for (const [lycee, text] of Object.entries(unsent)) {
      const field = box.querySelector(`input[data-lycee="${CSS.escape(lycee)}"]`);
      if (field) field.value = text;
    }
    if (focused) {
      const again = box.querySelector(`[data-at="${CSS.escape(focused)}"]:not([disabled])`);
      again?.focus({ preventScroll: true });
    }
  }
  if (!held.waiting.length) {
    for (const cell of box.querySelectorAll(".gz-waiting")) cell.classList.remove("gz-waiting");
    for (const field of fields()) {
      if (field.value === field.dataset.sent) field.value = field.defaultValue;
      delete field.dataset.sent;
    }
  }
  count();

  box.onchange = ({ target }) => {
    if (!target.matches("select")) return;
    const value = target.value;
    target.value = target.querySelector("option[selected]").value;
    const { post, slot } = target.dataset;
    tell(target, { event: "cell", value, post, slot: Number(slot) });
  };
  box.onclick = ({ target }) => {
    const lock = target.closest("button[data-post]");
    const { post, slot } = lock?.dataset || {};
    const isHeld = lock?.getAttribute("aria-pressed") !== "true";
    if (lock) tell(lock, { event: "lock", held: isHeld, post, slot: Number(slot) });
    if (target.closest("button[data-save]")) save();
    const row = target.closest("button[data-open]");
    if (row) tell(row, { event: "open", id: row.dataset.open });
  };
  box.oninput = count;
  held.listening?.abort();
  held.listening = new AbortController();
  const { signal } = held.listening;
  box.addEventListener("focusin", ({ target }) => target.matches("input[data-lycee]") && target.select(), { signal });
  box.addEventListener("focusout", ({ relatedTarget }) => {
    // not while the user looks at another window
    if (!held.isDrawing && !box.contains(relatedTarget) && document.hasFocus()) save();
  }, { signal });
  box.onkeydown = (event) => {
    const field = event.target.closest("input[data-lycee]");
    if (!field) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      field.value = field.dataset.kept;
      field.select();
      count();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    else if (step) {
      const all = fields();
      const next = all[all.indexOf(field) + step];
      if (next) next.focus();
      else if (event.key === "Enter") save();
    } else return;
    event.preventDefault();
  };

  function fields() {
    return [...box.querySelectorAll("input[data-lycee]")];
  }

  function typed() {
    const changed = fields().filter((field) => field.value.trim() !== (field.dataset.sent ?? field.defaultValue));
    return Object.fromEntries(changed.map((field) => [field.dataset.lycee, field.value.trim()]));
  }

  function count() {
    const button = box.querySelector("button[data-save]");
    if (button) button.setAttribute("aria-disabled", String(!Object.keys(typed()).length));
  }

  function save() {
    const numbers = typed();
    const changed = fields().filter((field) => field.dataset.lycee in numbers);
    if (!changed.length) return;
    for (const field of changed) field.dataset.sent = field.value.trim();
    tell(changed[0], { event: "numbers", numbers });
    for (const field of changed) field.closest("td").classList.add("gz-waiting");
    count();
  }

  function tell(control, gesture) {
    control.closest("td, th, li").classList.add("gz-waiting");
    held.waiting.push({ ...gesture, rank: ++held.rank });
    held.send();
  }

  return () => {
    held.watching.disconnect();
    held.watching = null;
  };
}

// a gesture that the connection lost is sent again once it is back, as the map does
function watch(held) {
  const app = document.querySelector('[data-testid="stApp"]');
  let tries = 0;
  const watching = new MutationObserver(() => {
    const { testConnectionState, testScriptState } = app.dataset;
    if (testConnectionState !== "CONNECTED") tries = TRIES;
    else if (tries && testScriptState === "notRunning") {
      tries -= 1;
      if (held.waiting.length) held.send();
    }
  });
  if (app) watching.observe(app, { attributes: true });
  return watching;
}
