// The week of a zone's posts, changed in place: what each half-day holds, and its padlock.
//
// The server draws the table and is told of each gesture, with those that it has no answer to: one
// made while another is being answered is not lost. What a cell says is what the server holds: the
// list under it is put back at once, so that a change that is refused leaves nothing behind.
export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".gz-week-editor");
  const held = (parentElement.gzWeek = parentElement.gzWeek || {
    visit: crypto.randomUUID(),
    rank: data.answered,
    waiting: [],
    markup: null,
  });
  held.waiting = held.waiting.filter((gesture) => gesture.rank > data.answered);
  if (held.markup !== data.markup) {
    held.markup = data.markup;
    const focused = box.contains(document.activeElement) && document.activeElement.dataset.at;
    const left = box.querySelector(".gz-scroll")?.scrollLeft || 0;
    box.innerHTML = data.markup;
    box.querySelector(".gz-scroll").scrollLeft = left;
    if (focused) {
      const again = box.querySelector(`[data-at="${CSS.escape(focused)}"]:not([disabled])`);
      again?.focus({ preventScroll: true });
    }
  }
  if (!held.waiting.length) {
    for (const cell of box.querySelectorAll(".gz-waiting")) cell.classList.remove("gz-waiting");
  }

  box.onchange = ({ target }) => {
    const value = target.value;
    target.value = target.querySelector("option[selected]").value;
    tell(target, { event: "cell", value });
  };
  box.onclick = ({ target }) => {
    const lock = target.closest("button[data-post]");
    if (lock) tell(lock, { event: "lock", held: lock.getAttribute("aria-pressed") !== "true" });
  };

  function tell(control, gesture) {
    const { post, slot } = control.dataset;
    control.closest("td").classList.add("gz-waiting");
    held.waiting.push({ ...gesture, post, slot: Number(slot), rank: ++held.rank });
    setTriggerValue("week", { visit: held.visit, gestures: [...held.waiting] });
  }
}
