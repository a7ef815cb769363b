// @ts-check
import { find, setText } from "../lib/dom.js";
import { toSentence } from "../lib/phrases.js";
import { TimeFormat } from "../lib/time.js";
import { ChatClient } from "./model/chat-client.js";
import { isDirectRoomName } from "./model/names.js";
import { Composer } from "./view/composer.js";
import { ConnectionBanner } from "./view/connection-banner.js";
import { Drawers } from "./view/drawers.js";
import { MessageList } from "./view/message-list.js";
import { MessageListControls } from "./view/message-list-controls.js";
import { MessageSearch } from "./view/message-search.js";
import { Notifications } from "./view/notifications.js";
import { setPageState } from "./view/page-state.js";
import { ParticipantList } from "./view/participant-list.js";
import { RoomFinder } from "./view/room-finder.js";
import { RoomHeader } from "./view/room-header.js";
import { RoomList } from "./view/room-list.js";
import { SettingsDialog } from "./view/settings-dialog.js";
import { SignIn } from "./view/sign-in.js";
import { runOrShowError } from "./view/toast.js";

/** @typedef {import("./model/room.js").Room} Room */

const MAX_UNREAD = 99;

const format = new TimeFormat();

/** The page: connects the views to the chat, and shows the room that the page's address names. */
export class App {
  #chat = new ChatClient();
  /** The room that is shown. @type {Room | undefined} */
  #room;
  /** Functions that remove the listeners of that room. @type {(() => void)[]} */
  #roomListeners = [];
  #drawers = new Drawers();
  #messageList = new MessageList();
  #search = new MessageSearch();
  #header = new RoomHeader((room) => this.#leave(room), () => this.#search.open());
  #participantList = new ParticipantList((user, name) => this.#openDirect(user, name));
  #composer = new Composer(() => this.#messageList.scrollToEnd());
  #roomList = new RoomList(this.#chat, (room) => this.#open(room.name));
  #finder = new RoomFinder(
    this.#chat,
    (name) => this.#open(this.#chat.rooms.join(name).name),
    (name) => runOrShowError(async () => this.#open((await this.#chat.createPrivate(name)).name)),
  );

  constructor() {
    this.#chat.rooms.on("change", () => this.#roomsChanged());
    this.#chat.rooms.on("unread", () => {
      this.#roomList.update();
      this.#updateTitle();
    });
    this.#chat.on("self", () => {
      this.#roomList.update();
      this.#messageList.update();
      this.#participantList.update();
      if (!this.#room) this.#showRoomOfAddress();
    });
    this.#chat.on("state", () => {
      setPageState(this.#chat.state);
      if (this.#chat.state !== "connected" || this.#room) return;
      this.#showRoomOfAddress();
      this.#composer.focus();
    });
    addEventListener("hashchange", () => this.#showRoomOfAddress());
    new ConnectionBanner(this.#chat);
    new SettingsDialog(this.#chat);
    new Notifications(this.#chat, (room) => this.#open(room.name));
    new MessageListControls(
      () => this.#room,
      (user, name) => this.#openDirect(user, name),
      this.#composer,
    );
    this.#listenToButtons();
    closeDialogsByClick();
  }

  /** Connects, or shows the sign-in form. */
  start() {
    const signIn = new SignIn(this.#chat);
    const parameters = addressParameters();
    const token = parameters.get("token") ?? undefined;
    if (token) {
      parameters.delete("token"); // keeps the secret out of the address bar and the browser's history
      history.replaceState(null, "", parameters.size > 0 ? `#${parameters}` : location.pathname);
    }
    signIn.start(token);
  }

  #listenToButtons() {
    find("#rejoin").addEventListener("click", () => {
      this.#room?.rejoin();
      this.#composer.focus();
    });
    find("#leave").addEventListener("click", () => {
      if (this.#room) this.#leave(this.#room);
    });
    for (const id of ["#find-open", "#no-room-find"]) find(id).addEventListener("click", () => this.#finder.show());
    find(".skip").addEventListener("click", (event) => {
      event.preventDefault(); // the hash of the address is the room
      this.#composer.focus();
    });
  }

  /**
   * Shows a room, and joins it if necessary.
   *
   * @param {string} name
   */
  #open(name) {
    const hash = hashOf(name);
    if (location.hash !== hash) location.hash = hash;
    this.#showRoomOfAddress(); // before the event "hashchange": the next key belongs to this room
    if (!matchMedia("(pointer: coarse)").matches) this.#composer.focus();
  }

  #showRoomOfAddress() {
    if (!this.#chat.wasConnected) return;
    const name = addressParameters().get("room");
    if (name) {
      if (isDirectRoomName(name) && !this.#chat.self.user) return; // until the server says who this user is
      const room = this.#chat.openByLink(name);
      if (room) {
        if (room.name !== name) history.replaceState(null, "", hashOf(room.name));
        this.#show(room);
        return;
      }
    }
    const first = [...this.#chat.rooms].find((room) => !this.#chat.rooms.isHidden(room));
    if (first) history.replaceState(null, "", hashOf(first.name));
    this.#show(first);
  }

  /** @param {Room | undefined} room */
  #show(room) {
    this.#drawers.rooms.close({ returnFocus: false });
    if (room && room === this.#room) return;
    for (const remove of this.#roomListeners) remove();
    this.#room?.hidden();
    this.#room = room;
    for (const id of ["#room-header", "#composer", "#people-open", "#message-area"]) find(id).hidden = !room;
    find("#no-room").hidden = !!room;
    find("#not-joined").hidden = true;
    for (const view of [this.#roomList, this.#participantList, this.#messageList, this.#search]) view.show(room);
    this.#roomListeners = room ? this.#listenTo(room) : [];
    this.#updateTitle();
  }

  /** @param {Room} room */
  #listenTo(room) {
    this.#header.show(room);
    this.#composer.show(room);
    this.#updateNotJoined(room);
    room.shown();
    return [
      room.on("timeline", () => {
        this.#messageList.update();
        this.#search.update();
      }),
      room.on("unread", () => this.#messageList.update()),
      room.on("typing", () => this.#composer.update()),
      room.on("presence", () => {
        this.#participantList.update();
        this.#header.update();
      }),
      room.on("state", () => {
        this.#participantList.update();
        this.#header.update();
        this.#composer.update();
        this.#messageList.update();
        this.#updateNotJoined(room);
      }),
    ];
  }

  /**
   * Shows why this user is not in the room: banned, removed, or rejected.
   *
   * @param {Room} room
   */
  #updateNotJoined({ state, reason, wasRemoved, title, sanctions: { ban } }) {
    const text = find("#not-joined p");
    const rejoin = find("#rejoin");
    find("#not-joined").hidden = state !== "notJoined";
    setText(text, "");
    if (state !== "notJoined") return;
    const removedOrRejected = wasRemoved ? `You were removed from ${title}` : `You cannot join ${title} right now`;
    const what = ban ? `You are banned from ${title} until ${format.timeOrDate(ban.until)}` : removedOrRejected;
    const why = ban?.reason ?? reason;
    setText(text, toSentence(why ? `${what}: ${why}` : what));
    setText(rejoin, wasRemoved && !ban ? "Rejoin" : "Try again");
    const focused = document.activeElement;
    if (focused === document.body || find("#composer").contains(focused)) rejoin.focus();
  }

  /** @param {Room} room */
  async #leave(room) {
    if (room.direct) this.#chat.rooms.setHidden(room, true);
    if (!room.direct) await runOrShowError(() => this.#chat.leave(room));
    if (room.direct || !this.#chat.rooms.has(room.name)) this.#showFirstRoom();
  }

  #showFirstRoom() {
    history.replaceState(null, "", location.pathname);
    this.#showRoomOfAddress();
  }

  /**
   * @param {string} user
   * @param {string} name
   */
  #openDirect(user, name) {
    this.#drawers.participants.close({ returnFocus: false });
    this.#open(this.#chat.openDirect(user, name).name); // at once: the next key belongs to this room
  }

  #roomsChanged() {
    this.#roomList.update();
    if (this.#room && this.#chat.rooms.get(this.#room.name) !== this.#room) this.#showFirstRoom();
    if (this.#room) this.#header.update();
    this.#updateTitle();
  }

  #updateTitle() {
    const { unread } = this.#chat.rooms;
    const count = unread > MAX_UNREAD ? `(${MAX_UNREAD}+) ` : unread > 0 ? `(${unread}) ` : "";
    document.title = this.#room ? `${count}${this.#room.title} · Rooms` : `${count}Rooms`;
  }
}

/** The parameters in the hash of the page's address: "room", and "token" when a link has one. */
function addressParameters() {
  return new URLSearchParams(location.hash.slice(1));
}

/** @param {string} room */
function hashOf(room) {
  return `#${new URLSearchParams({ room })}`;
}

/** Closes a dialog when the user clicks its close button, or outside of it. */
function closeDialogsByClick() {
  for (const dialog of document.querySelectorAll("dialog")) {
    for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog) dialog.close(); // a click on the backdrop
    });
  }
}
