// The browser's end of the example chats. A page says in its data attributes what differs:
//   data-socket      the WebSocket's path; {id} stands for this page's ID
//   data-pass-room   hand the ?room=NAME of the page's own address on to the WebSocket
//   data-pass-name   the same for ?name=NAME
//   data-resume      come back to the place that the server keeps: see "Coming back"
// Lines of the server are shown as text, never as HTML.

const LINES_KEPT = 500;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const STEADY_AFTER_MS = 5_000;

// After these the server does not want us back by ourselves; the user may still try.
const FINAL = {
  1008: "The server refused to go on",
  4003: "You were removed from the room",
  4004: "The room was closed",
  4005: "You were banned from the room",
  4006: "The chat goes on in another window",
};

const LINES = [
  ["own", /^(?<who>You wrote: )(?<what>.*)$/s],
  ["reply", /^(?<who>Message text was: )(?<what>.*)$/s],
  ["other", /^(?<who>Client #(?<from>\d+) says: )(?<what>.*)$/s],
  ["other", /^(?<who>\[[^\]]+\] [^:]+: )(?<what>.*)$/s],
];
const NOTICE = ["notice", /^(?<who>)(?<what>.*)$/s];

const page = document.documentElement.dataset;
const find = (selector) => document.querySelector(selector);
const [state, log, messages, newest] = [find("#state"), find(".log"), find("#messages"), find(".newest")];
const [trouble, reason, reconnect] = [find(".trouble"), find("#reason"), find(".reconnect")];
const [form, text, send] = [find("#say"), find("#text"), find("#send")];
const [status, countdown] = state.children;

// --- Who and where -------------------------------------------------------------------------------

const id = String(Date.now()); // once a page, so that a reconnect comes back as the same client
const own = new URLSearchParams(location.search);

const address = new URL(page.socket.replace("{id}", id), location.origin);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";

if (find("#id")) find("#id").textContent = id;
for (const [what, passed] of [["room", "passRoom" in page], ["name", "passName" in page]]) {
  if (!passed || !own.get(what)) continue;
  address.searchParams.set(what, own.get(what));
  find(`#${what}`).textContent = own.get(what);
  find(`#${what}`).parentElement.hidden = false;
}

// --- The connection: connecting -> open -> waiting -> connecting ... -------------------------------

let socket; // the one that counts; whatever an older one still reports is not heard
let openSince; // undefined until open
let failures = 0;
let retryAt; // defined while a retry is planned
let timer;

function connect() {
  clearTimeout(timer);
  retryAt = openSince = undefined;
  show("connecting", "Connecting…");
  const mine = (socket = new WebSocket(address));
  mine.onopen = () => socket === mine && opened();
  mine.onmessage = ({ data }) => socket === mine && typeof data === "string" && add(follow(data));
  mine.onclose = ({ code, reason }) => socket === mine && lost(code, reason);
}

function opened() {
  openSince = performance.now();
  show("open", "Connected");
}

function lost(code, why) {
  // A server that accepts and hangs up at once must not be called again without a pause: only a
  // connection that held for a while starts the waits from the beginning.
  if (openSince !== undefined && performance.now() - openSince > STEADY_AFTER_MS) {
    failures = 0;
  }
  socket = undefined;
  if (code in FINAL) {
    show("waiting", "Disconnected", `${sentence(why || FINAL[code])} What you type is kept.`);
    return;
  }
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
  retryAt = performance.now() + (longest * (1 + Math.random())) / 2; // jitter: not all at once
  const what = why ? `Connection lost: ${why}` : "No connection";
  show("waiting", "Reconnecting", `${sentence(what)} What you type is kept.`);
  tick();
}

function tick() {
  const left = retryAt - performance.now();
  if (left <= 0) {
    connect();
    return;
  }
  // Offline is no reason to stop trying: a server on this very machine answers all the same.
  say(status, navigator.onLine ? "Reconnecting" : "Offline, retry");
  say(countdown, ` in ${Math.ceil(left / 1000)} s`);
  timer = setTimeout(tick, left % 1000 || 1000);
}

function retryNow() {
  if (retryAt !== undefined) connect();
}

addEventListener("online", retryNow);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retryNow());
addEventListener("offline", () => {
  // The link may be dead without the socket knowing for minutes, and would swallow what is said.
  if (!socket) return;
  // Whoever closes says goodbye, and one that resumes must not: the server closes what it follows.
  if (!("resume" in page)) socket.close();
  lost(1006, "");
});
reconnect.addEventListener("click", () => {
  failures = 0;
  connect();
  text.focus();
});

function show(name, words, explanation = "") {
  state.dataset.state = name;
  say(status, words);
  say(countdown, "");
  send.disabled = name !== "open";
  send.title = name === "open" ? "" : "Not connected: sending has to wait";
  reconnect.hidden = name !== "waiting";
  if (name === "connecting") return; // what was wrong stays to be read, lest the page jump
  trouble.hidden = !explanation;
  say(reason, explanation);
}

// Only a change is written, so that a screen reader speaks only of changes.
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function sentence(words) {
  return words[0].toUpperCase() + words.slice(1).replace(/[^.!?]$/, "$&.");
}

// --- Coming back -----------------------------------------------------------------------------------

// A welcome tells where its room is, how many older lines follow, and the key to come back with;
// from then on each line that is said there moves the position on by one.
const WELCOME = /^\* welcome (\S+) ([^\s:]+):(\d+) (\d+) (\S+) here: /;
const places = new Map();

function follow(line) {
  if (!("resume" in page)) return line;
  const [start, name, epoch, offset, older, key] = WELCOME.exec(line) ?? [""];
  if (start) {
    places.set(name, { epoch, offset: Number(offset), older: Number(older) });
    address.searchParams.set("resume", key);
  } else {
    const place = places.get(/^\[([^\]]+)\] /.exec(line)?.[1]);
    if (!place) return line;
    if (place.older > 0) place.older--;
    else place.offset++;
  }
  const since = [...places].map(([where, at]) => `${where}@${at.epoch}:${at.offset}`);
  address.searchParams.set("since", since.join(","));
  return start ? `* welcome to ${name}, here: ${line.slice(start.length)}` : line; // not the key
}

// --- The lines -------------------------------------------------------------------------------------

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
let frame; // defined while a look at the scroll position is due

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 40;
const toEnd = () => log.scrollTo(0, log.scrollHeight);

function add(line) {
  if (frame === undefined) {
    const follow = atEnd(); // measured before the lines of a frame, once however many they are
    frame = requestAnimationFrame(() => {
      frame = undefined;
      if (follow) toEnd();
      else newest.hidden = false;
    });
  }
  messages.append(item(line));
  if (messages.childElementCount > LINES_KEPT) messages.firstElementChild.remove();
}

// The text of an item is the server's line to the letter; its looks come from classes.
function item(line) {
  const li = document.createElement("li");
  const [kind, pattern] = LINES.find(([, each]) => each.test(line)) ?? NOTICE;
  const { who, what, from } = pattern.exec(line).groups;
  li.className = kind;
  li.dataset.time = clock.format(new Date());
  li.dataset.who = who;
  li.classList.toggle("again", messages.lastElementChild?.dataset.who === who);
  li.classList.toggle("me", from === id); // the broadcast hears itself
  if (from) li.style.setProperty("--hue", (Number(from) * 137) % 360 || 0);
  for (const [name, words] of [["who", who], ["what", what]]) {
    const span = li.appendChild(document.createElement("span"));
    span.className = name;
    span.dir = "auto"; // right-to-left words keep to their own span
    span.textContent = words;
  }
  return li;
}

let height = log.clientHeight;
new ResizeObserver(() => {
  const grown = log.clientHeight - height; // a keyboard that opens must not hide the last line
  height += grown;
  if (log.scrollHeight - log.scrollTop - height + grown < 40) toEnd();
}).observe(log);
log.addEventListener("scroll", () => atEnd() && (newest.hidden = true));
newest.addEventListener("click", () => (toEnd(), text.focus()));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  text.focus();
  if (!text.value.trim() || socket?.readyState !== WebSocket.OPEN) return;
  socket.send(text.value);
  text.value = "";
});

connect();
