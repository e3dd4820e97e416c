// Back and forward: the address says so before Streamlit sends it to the server. It is in the head of
// the page, for this to come before what Streamlit does then.
window.addEventListener("popstate", () => {
  const address = new URL(window.location);
  address.searchParams.set("retour", "1");
  window.history.replaceState(window.history.state, "", address);
});
