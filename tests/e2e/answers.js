// Count what the page asked of the server and was not answered, until its answer is on screen.
(() => {
  if (window.top !== window) return;
  const RERUN = 0x5a; // first byte of a BackMsg that asks for a run: field 11, with a length
  const NEW_SESSION = 4; // fields of a ForwardMsg
  const SCRIPT_FINISHED = 6;
  const CUT_SHORT = 2; // a run that another took the place of
  let asked = 0;
  let begun = 0;
  let shown = 0;
  window.unanswered = () => asked - shown;

  const number = (bytes, at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return [value, at];
    }
  };
  // what a message is, past its hash and its metadata; with what a finished run says of its end
  const kind = (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      const [tag, next] = number(bytes, at);
      const [value, after] = number(bytes, next);
      if (tag >> 3 > 2) return [tag >> 3, value];
      at = after + value;
    }
    return [0, 0];
  };
  const later = (call) =>
    document.hidden ? setTimeout(call, 50) : requestAnimationFrame(() => requestAnimationFrame(call));

  const heard = ({ data }) => {
    if (!(data instanceof ArrayBuffer)) return;
    const [field, value] = kind(new Uint8Array(data));
    if (field === NEW_SESSION) begun = asked;
    if (field === SCRIPT_FINISHED && value !== CUT_SHORT) {
      const answered = begun;
      later(() => (shown = Math.max(shown, answered)));
    }
  };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!this.followed) {
      this.followed = true;
      this.addEventListener("message", heard);
      this.addEventListener("close", () => (shown = begun = asked));
    }
    if (data instanceof Uint8Array && data[0] === RERUN) asked += 1;
    return send.call(this, data);
  };
})();
