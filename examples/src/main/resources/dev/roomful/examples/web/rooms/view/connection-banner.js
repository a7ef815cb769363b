// @ts-check
import { find, setText } from "../../lib/dom.js";
import { toSentence } from "../../lib/phrases.js";

/** @typedef {import("../model/chat-client.js").ChatClient} ChatClient */

/** Shows that there is no connection to the server, and lets the user connect at once. */
export class ConnectionBanner {
  #banner = find("#banner");
  #status = find("#status");
  #retry = find("#retry");

  /** @param {ChatClient} chat */
  constructor(chat) {
    this.#retry.addEventListener("click", () => chat.reconnect());
    chat.on("state", () => this.#update(chat));
  }

  /** @param {ChatClient} chat */
  #update(chat) {
    const text = textOf(chat);
    this.#banner.hidden = !text;
    this.#banner.dataset.state = chat.state;
    setText(this.#status, text);
    this.#retry.hidden = !text || !chat.wasConnected;
    setText(this.#retry, chat.state === "disconnected" ? "Connect again" : "Try now");
  }
}

/** @param {ChatClient} chat */
function textOf({ state, wasConnected, reason }) {
  if (state === "connecting") {
    return wasConnected ? "Reconnecting… Your messages are kept and sent later." : "Connecting…";
  }
  return state === "disconnected" ? toSentence(reason ? `Disconnected: ${reason}` : "Disconnected") : "";
}
