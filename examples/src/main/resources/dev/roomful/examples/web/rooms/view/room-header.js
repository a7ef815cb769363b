// @ts-check
import { find, setText } from "../../lib/dom.js";
import { toRoomName } from "../model/names.js";
import { openMenu } from "./popup-menu.js";
import { showPrompt } from "./prompt-dialog.js";
import { showSanctions } from "./sanctions-dialog.js";
import { showShortcuts } from "./shortcuts-dialog.js";
import { runOrShowError, showToast } from "./toast.js";

/** @typedef {import("../model/room.js").Room} Room */

/** Shows the title, the topic and the menu of the current room. */
export class RoomHeader {
  /** @type {Room | undefined} */
  #room;
  #leave;
  #search;
  #title = find("#title");
  #topic = find("#topic");

  /**
   * @param {(room: Room) => void} leave
   * @param {() => void} search opens the search in the messages of the room
   */
  constructor(leave, search) {
    this.#leave = leave;
    this.#search = search;
    const button = find("#room-menu");
    button.addEventListener("click", () => this.#openMenu(button));
  }

  /** @param {Room} room */
  show(room) {
    this.#room = room;
    this.update();
  }

  update() {
    if (!this.#room) return;
    const { direct, isPrivate, presence, state, topic, title } = this.#room;
    setText(this.#title, title);
    this.#title.classList.toggle("is-room", !direct && !isPrivate);
    if (direct) {
      const status = presence.has(direct.user) ? "online" : "offline";
      setText(this.#topic, state === "joined" ? status : "");
    } else {
      setText(this.#topic, topic || (isPrivate ? "Invite-only room" : ""));
    }
    this.#topic.title = direct ? "" : topic;
    setText(find("#count"), String(presence.count));
  }

  /** @param {HTMLElement} button */
  #openMenu(button) {
    const room = this.#room;
    if (!room) return;
    const { direct } = room;
    const leaveLabel = direct ? "Close this conversation" : "Leave this room";
    openMenu(button, "Room", [
      room.isPrivate && { label: "Invite somebody", act: () => invite(room) },
      room.canModerate && { label: "Change the topic", act: () => changeTopic(room) },
      room.canModerate && { label: "Bans and mutes", act: () => showSanctions(room) },
      // Another program may have created a room whose name a link cannot have.
      toRoomName(room.name) === room.name && { label: "Copy a link to this room", act: () => runOrShowError(() => copyLink(room)) },
      { label: "Search in this room", act: this.#search },
      { label: "Keyboard shortcuts", act: showShortcuts },
      { label: leaveLabel, act: () => this.#leave(room), isDangerous: !direct },
    ]);
  }
}

/** @param {Room} room */
async function copyLink({ name }) {
  const link = new URL(`#${new URLSearchParams({ room: name })}`, location.href).href;
  if (!navigator.clipboard) throw new Error("The browser does not allow copying");
  await navigator.clipboard.writeText(link);
  showToast("The link was copied.");
}

/** @param {Room} room */
function invite(room) {
  showPrompt({
    title: `Invite somebody to ${room.title}`,
    hint: "Who is invited sees the messages from before, too.",
    label: "Name",
    action: "Invite",
    act: async (name) => {
      const person = room.chat.rooms.findPerson(name);
      if (!person) throw new Error(`Nobody in your rooms is called ${name}`);
      await room.chat.call("invite", { room: room.name, user: person.user });
      showToast(`${person.name} was invited.`);
    },
  });
}

/** @param {Room} room */
function changeTopic(room) {
  showPrompt({
    title: `Topic of ${room.title}`,
    hint: "Everybody in the room sees it. Leave it empty to remove it.",
    label: "Topic",
    value: room.topic,
    action: "Save",
    act: (topic) => room.chat.call("topic", { room: room.name, topic }),
  });
}
