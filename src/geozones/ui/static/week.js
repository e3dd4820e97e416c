// Editor of the week of a zone's posts: the content of each half-day, and its padlock.
//
// The server draws the table and receives each gesture together with the gestures not yet answered: a
// gesture made while another is being answered is not lost. A cell shows the server's value: the list
// under it is reset at once, so that a refused change leaves nothing behind.
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
