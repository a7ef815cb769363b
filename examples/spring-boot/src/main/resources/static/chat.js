// The page of one room: shows what is published in it, and publishes what is typed.
const room = new URLSearchParams(location.search).get('room') ?? 'lobby';
const address = new URL(`/chat/${encodeURIComponent(room)}`, location.href);
address.protocol = address.protocol.replace('http', 'ws');

const state = document.getElementById('state');
const messages = document.getElementById('messages');
const text = document.getElementById('text');
const send = document.getElementById('send');

// Close codes after which connecting again does not help: logged out, removed, banned, revoked.
const FINAL = new Set([1008, 4003, 4005, 4009]);
const MAX_SHOWN = 500;

let socket;
let failures = 0;

function connect() {
  state.textContent = 'connecting';
  socket = new WebSocket(address);
  socket.addEventListener('open', () => {
    failures = 0;
    state.textContent = 'connected';
    send.disabled = false;
    messages.replaceChildren(); // the server sends the last messages again
  });
  socket.addEventListener('message', ({ data }) => show(data));
  socket.addEventListener('close', ({ code, reason }) => {
    send.disabled = true;
    if (FINAL.has(code)) {
      state.textContent = `disconnected: ${reason || code}`;
      return;
    }
    failures += 1;
    state.textContent = failures > 2 ? 'cannot join this room, trying again' : 'reconnecting';
    // Later after each failure, and not at the same time as all other pages.
    const longest = Math.min(30_000, 1_000 * 2 ** failures);
    setTimeout(connect, longest / 2 + Math.random() * (longest / 2));
  });
}

function show(line) {
  const item = document.createElement('li');
  item.textContent = line; // never as HTML: others have written it
  messages.append(item);
  if (messages.childElementCount > MAX_SHOWN) {
    messages.firstElementChild.remove();
  }
  item.scrollIntoView();
}

document.getElementById('room').textContent = room;
document.getElementById('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (socket.readyState === WebSocket.OPEN) {
    socket.send(text.value);
    text.value = '';
  }
});
connect();
