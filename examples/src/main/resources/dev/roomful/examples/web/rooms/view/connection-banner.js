// @ts-check
import { find, setText } from "../../lib/dom.js";
import { toSentence } from "../../lib/phrases.js";

/** @typedef {import("../model/chat-client.js").ChatClient} ChatClient */

/** From then on the page says that the chat cannot be reached. */
const MANY_FAILURES = 3;

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
    const text = connectionText(chat);
    this.#banner.hidden = !text;
    this.#banner.dataset.state = chat.state;
    setText(this.#status, text);
    this.#retry.hidden = !text || (!chat.wasConnected && !chat.refusal && chat.failedAttempts < MANY_FAILURES);
    setText(this.#retry, chat.state === "disconnected" ? "Connect again" : "Try now");
  }
}

/**
 * Returns what the user should know about the connection, or "" if it works.
 *
 * @param {Pick<ChatClient, "state" | "wasConnected" | "failedAttempts" | "reason" | "refusal">} chat
 */
export function connectionText({ state, wasConnected, failedAttempts, reason, refusal }) {
  if (state === "disconnected") return toSentence(reason ? `Disconnected: ${reason}` : "Disconnected");
  if (state !== "connecting") return "";
  const problem = problemText(failedAttempts, refusal);
  if (wasConnected) return `${problem}Reconnecting… Your messages are kept and sent later.`;
  return problem ? `${problem}The page tries again every few seconds.` : "Connecting…";
}

/**
 * @param {number} failedAttempts
 * @param {string} refusal
 */
function problemText(failedAttempts, refusal) {
  if (refusal) return `${toSentence(`The connection was refused: ${refusal}`)} `;
  return failedAttempts >= MANY_FAILURES ? "Cannot reach the chat. " : "";
}
