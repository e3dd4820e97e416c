// Mark of the browser's Back and Forward, added to the address before Streamlit sends it to the server.
// The script is in the head of the page, so that its listener runs before Streamlit's.
window.addEventListener("popstate", () => {
  const address = new URL(window.location);
  address.searchParams.set("retour", "1");
  window.history.replaceState(window.history.state, "", address);
});
