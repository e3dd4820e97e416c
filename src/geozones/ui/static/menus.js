// Focus of the menus over the page (Streamlit's popovers): it goes into a menu that opens, and back to its button
// when the menu closes. Streamlit draws each at the end of the page, dozens of Tabs from its button.
(() => {
  "use strict";
  if (window.geozonesMenus) return;
  window.geozonesMenus = true;
  const BODY = '[data-testid="stPopoverBody"]';
  const OPENED = '[data-testid="stPopoverButton"][aria-expanded="true"]';
  const REACHED = 'input:not([disabled]), select, textarea, button:not([disabled]), a[href], summary, [tabindex="0"], [data-tabindex="0"]';
  // the menu that is open, and whether a gesture was made since: until then, its content may still come in pieces
  const now = { body: null, used: false };
  let button = null;

  // while the focus is elsewhere, the library takes what a menu holds out of the order of Tab (data-tabindex)
  const takesTab = (each) => (each.dataset.tabindex ?? each.getAttribute("tabindex")) !== "-1" && each.checkVisibility();
  const inside = (body) => [...body.querySelectorAll(REACHED)].filter(takesTab);
  const drawing = () => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState !== "notRunning";

  function look() {
    const body = document.querySelector(BODY);
    button = document.querySelector(OPENED) ?? button;
    if (body !== now.body) {
      if (!body) leave();
      Object.assign(now, { body, used: false });
    }
    if (body && !now.used && !drawing()) enter(body);
  }

  // to the chosen one of a group of choices, else to the first that can be acted on, else to the menu itself
  function enter(body) {
    const reached = inside(body);
    const first = reached.find((each) => each.matches(":checked")) ?? reached[0] ?? body;
    if (first === body && !body.hasAttribute("tabindex")) body.tabIndex = -1;
    if (first !== document.activeElement) first.focus({ preventScroll: true });
  }

  // unless what closed it, such as a click elsewhere, gave the focus to something else
  function leave() {
    if (document.activeElement === document.body && button?.isConnected) button.focus();
  }

  // Tab goes on in the page from the button, as if the menu stood beside it
  document.addEventListener("keydown", (event) => {
    const { body } = now;
    if (event.key !== "Tab" || !body?.isConnected || !button?.isConnected) return;
    const [reached, at] = [inside(body), document.activeElement];
    const leaves = at === body || (body.contains(at) && at === (event.shiftKey ? reached[0] : reached.at(-1)));
    if (at === button && !event.shiftKey) (reached[0] ?? body).focus();
    else if (leaves) button.focus();
    if (at === button ? event.shiftKey : !leaves || !event.shiftKey) return; // the browser goes on from there
    event.preventDefault();
    event.stopPropagation();
  }, true);
  for (const gesture of ["keydown", "pointerdown"]) document.addEventListener(gesture, () => { now.used = true; }, true);

  new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-expanded", "data-test-script-state"],
  });
})();
