// The link of a shared version or of an opinion, added to the address of the websocket: the server opens one to who has
// logged in or has such a link. The script is in the head of the page, so that it runs before Streamlit's.
{
  const asked = new URLSearchParams(window.location.search);
  const name = ["version", "avis"].find((each) => asked.has(each));
  if (name) {
    window.WebSocket = class extends window.WebSocket {
      constructor(address, protocols) {
        const whole = new URL(address, window.location);
        whole.searchParams.set(name, asked.get(name));
        super(whole, protocols);
      }
    };
  }
}
