// Page of a server that changes territory: it says that it is shown, the server stops, then answers
// on the other data folder; the first page is opened there.
const EVERY_MS = 400;

export default function ({ parentElement, data, setTriggerValue }) {
  if (parentElement.gzReopening) return;
  parentElement.gzReopening = true;
  const look = async () => {
    try {
      const answer = await fetch(data.ready, { cache: "no-store" });
      if ((await answer.json()).folder === data.folder) return location.replace(data.home);
    } catch {
      // the server is stopping or starting
    }
    setTimeout(look, EVERY_MS);
  };
  setTriggerValue("shown", true);
  look();
}
