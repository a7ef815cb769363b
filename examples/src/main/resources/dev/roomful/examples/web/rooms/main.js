import { connectionBanner } from "./banner.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { attempt, find, say, sentence } from "./dom.js";
import { peopleDrawer, roomsDrawer } from "./drawers.js";
import { Finder } from "./finder.js";
import { Head } from "./head.js";
import { Log } from "./log.js";
import { logKeys } from "./logkeys.js";
import { Panel } from "./panel.js";
import { settings } from "./settings.js";
import { Sidebar } from "./sidebar.js";
import { enterState } from "./stage.js";
import { come, welcome } from "./welcome.js";

const chat = new Chat();
const log = new Log();
const head = new Head(chat, leave);
const panel = new Panel(chat, write);
const composer = new Composer(log);
const sidebar = new Sidebar(chat, (room) => go(room.name));
const finder = new Finder(chat, (name) => go(name));
let current; // the room that is shown
let forget = []; // ends listening to it

// --- Which room: the address says it ---------------------------------------------------------------

const address = () => new URLSearchParams(location.hash.slice(1));

function go(name) {
  const hash = `#${new URLSearchParams({ room: name })}`;
  if (location.hash === hash) follow();
  else location.hash = hash;
  if (!matchMedia("(pointer: coarse)").matches) composer.focus();
}

function follow() {
  if (!chat.wasConnected) return;
  const wanted = address().get("room");
  const first = [...chat.rooms.values()].find((room) => !chat.isHidden(room));
  if (wanted) show(chat.rooms.get(wanted) ?? chat.join(wanted));
  else if (first) history.replaceState(null, "", `#${new URLSearchParams({ room: first.name })}`), show(first);
  else show(undefined);
}

function show(room) {
  roomsDrawer.close(false);
  if (current === room && room) return;
  for (const end of forget) end();
  if (current) {
    current.attended = false;
    if (current.unread === 0) current.line = undefined;
  }
  current = room;
  for (const id of ["head", "composer", "people-open"]) find(`#${id}`).hidden = !room;
  find(".stage").hidden = !room;
  find("#nowhere").hidden = !!room;
  find("#outside").hidden = true;
  for (const view of [sidebar, panel, log]) view.show(room);
  forget = room ? watch(room) : [];
  title();
}

function watch(room) {
  head.show(room);
  composer.show(room);
  outside();
  room.open();
  return [
    room.on("timeline", () => log.paint()),
    room.on("unread", () => log.paint()),
    room.on("typing", () => composer.paint()),
    room.on("people", () => (panel.paint(), head.paint())),
    room.on("state", () => (panel.paint(), head.paint(), composer.paint(), log.paint(), outside())),
  ];
}

/** Thrown out, or not let in. */
function outside() {
  const { state, reason, code, title } = current;
  find("#outside").hidden = state !== "out";
  say(find("#outside p"), "");
  if (state !== "out") return;
  const what = code >= 2000 ? `You were removed from ${title}` : `You cannot be in ${title} right now`;
  say(find("#outside p"), sentence(reason ? `${what}: ${reason}` : what));
  say(find("#come-back"), code >= 2000 ? "Come back in" : "Try again");
  const focused = document.activeElement;
  if (focused === document.body || find("#composer").contains(focused)) find("#come-back").focus();
}

find("#come-back").addEventListener("click", () => {
  current.comeBack();
  composer.focus();
});
find("#forget").addEventListener("click", () => leave(current));
find("#find-open").addEventListener("click", () => finder.show());
find("#nowhere-find").addEventListener("click", () => finder.show());

function leave(room) {
  if (room.direct) chat.hide(room, true);
  else chat.leave(room);
  elsewhere();
}

function elsewhere() {
  history.replaceState(null, "", location.pathname);
  follow();
}

function write(user, name) {
  peopleDrawer.close(false);
  attempt(async () => go((await chat.direct(user, name)).name));
}

// --- What the chat tells -----------------------------------------------------------------------------

function title() {
  const { unread } = chat;
  const count = unread > 99 ? "(99+) " : unread > 0 ? `(${unread}) ` : "";
  document.title = current ? `${count}${current.title} · Rooms` : `${count}Rooms`;
}

chat.on("rooms", () => {
  sidebar.paint();
  if (current && chat.rooms.get(current.name) !== current) elsewhere();
  if (current) head.paint();
  title();
});
chat.on("unread", () => (sidebar.paint(), title()));
chat.on("me", () => (sidebar.paint(), log.paint(), panel.paint()));
chat.on("state", () => {
  enterState(chat.state);
  if (chat.state === "connected" && !current) follow(), composer.focus();
});
addEventListener("hashchange", () => follow());

// --- The page itself ---------------------------------------------------------------------------------

for (const dialog of document.querySelectorAll("dialog")) {
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it
}
find(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address is for the room
  composer.focus();
});
if (/Mac|iPhone|iPad/.test(navigator.platform)) say(find("kbd"), "⌘K");
connectionBanner(chat);
welcome(chat);
settings(chat);
logKeys(() => current, write);

const given = address();
const token = given.get("token") ?? undefined;
if (token) {
  given.delete("token"); // not for the eyes of whoever looks at the screen, or at the history
  history.replaceState(null, "", given.size ? `#${given}` : location.pathname);
}
come(chat, token);
