// A WebSocket that closes receives no more messages, as in a browser. Without this, a test of centrifuge-js that
// disconnects and publishes at once may receive the publication, which it expects to be recovered later.
const { WebSocket } = require('ws');

const { emit } = WebSocket.prototype;
WebSocket.prototype.emit = function (event, ...data) {
  return event === 'message' && this.readyState !== WebSocket.OPEN ? false : emit.call(this, event, ...data);
};
