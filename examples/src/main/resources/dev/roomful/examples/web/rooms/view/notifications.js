// @ts-check
import { find, setText } from "../../lib/dom.js";
import { browserStorage } from "../../lib/storage.js";
import { notificationOf } from "../model/notification.js";

/** @typedef {import("../model/chat-client.js").ChatClient} ChatClient */
/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Message} Message */

const KEY = "notify";

/**
 * Notifies the user about mentions and direct messages while the page is hidden, if the user has
 * switched that on. Only that click asks the browser for the permission.
 */
export class Notifications {
  #open;
  #button = find("#notify");
  #hint = find("#notify-hint");

  /**
   * @param {ChatClient} chat
   * @param {(room: Room) => void} open shows a room
   */
  constructor(chat, open) {
    this.#open = open;
    this.#button.addEventListener("click", () => this.#toggle());
    chat.rooms.on("message", ({ room, message }) => this.#received(room, message));
    this.#update();
  }

  get #isOn() {
    return browserStorage.get(KEY) === true && globalThis.Notification?.permission === "granted";
  }

  async #toggle() {
    const isOn = !this.#isOn && (await globalThis.Notification?.requestPermission()) === "granted";
    const isDenied = !isOn && globalThis.Notification?.permission !== "granted";
    browserStorage.set(KEY, isOn);
    this.#update();
    setText(this.#hint, isDenied ? "The browser does not allow notifications of this page." : "");
  }

  #update() {
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
  }

  /**
   * @param {Room} room
   * @param {Message} message
   */
  #received(room, message) {
    const content = document.hidden && this.#isOn ? notificationOf(room, message) : undefined;
    if (!content) return;
    const { title, ...options } = content;
    try {
      const notification = new Notification(title, options);
      notification.onclick = () => {
        focus();
        this.#open(room);
        notification.close();
      };
    } catch {
      // some browsers for phones have notifications of service workers only
    }
  }
}
