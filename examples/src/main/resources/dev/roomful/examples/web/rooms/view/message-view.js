// @ts-check
import { element, userText } from "../../lib/dom.js";
import { TimeFormat } from "../../lib/time.js";
import { isOnlyEmoji } from "../model/message-text.js";
import { hueOf } from "../model/names.js";
import { avatar } from "./avatar.js";
import { formattedText } from "./formatted-text.js";
import { quotedLine } from "./quoted-message.js";
import { reactionButtons } from "./reactions.js";

/** @typedef {import("../model/typedefs.js").Message} Message */

const MAX_UNFOLDED_LENGTH = 1_200;

const format = new TimeFormat();

/** @type {WeakMap<Element, Message>} */
const messages = new WeakMap();

/**
 * Returns the message of an element that a MessageView created.
 *
 * @param {Element} article
 */
export function messageOf(article) {
  return messages.get(article);
}

/** Shows a message. Updates only what has changed, so that a screen reader reads nothing twice. */
export class MessageView {
  element;
  #message;
  #body = element("div", { class: "body" });
  #isUnfolded = false;
  #shownContent = "";
  #shownDelivery = "";
  #shownReactions = "";

  /**
   * @param {Message} message
   * @param {string} user the sender's ID
   */
  constructor(message, user) {
    this.#message = message;
    this.element = element("article", { class: "message", tabindex: "-1" });
    this.element.style.setProperty("--hue", String(hueOf(user)));
    messages.set(this.element, message);
  }

  /**
   * @param {object} look
   * @param {string} look.user the sender's ID
   * @param {string} look.name the sender's display name
   * @param {boolean} look.isContinued whether the sender is left out
   * @param {boolean} look.hasMenu
   * @param {boolean} look.isLate whether to show that the message waits
   * @param {(user: string) => string} look.nameOf the display name of a user who has reacted
   * @param {string} look.self the ID of this user
   * @param {import("./quoted-message.js").Quoted} [look.quoted] the message that this one replies to
   */
  update({ user, name, isContinued, hasMenu, isLate, nameOf, self, quoted }) {
    const { state, reason, isRemoved, isEdited, isArchived, isOwn, text, offset, reactions, mentions } = this.#message;
    const { dataset, classList } = this.element;
    dataset.state = state;
    if (offset) dataset.offset = String(offset);
    else delete dataset.offset;
    const isMention = !!mentions?.includes(self) && !isOwn && !isRemoved;
    classList.toggle("mention", isMention);
    classList.toggle("late", isLate);
    classList.toggle("continued", isContinued);
    const content = [isRemoved, isContinued, name, isEdited ? text : "", quoted?.name, quoted?.text, isMention].join("|");
    if (content !== this.#shownContent) {
      this.#shownContent = content;
      this.#showContent({ user, name, isContinued, quoted, isMention });
      this.#shownDelivery = ""; // it was in the old body
      this.#shownReactions = "";
    }
    const delivery = [state, reason, isLate].join("|");
    if (delivery !== this.#shownDelivery) {
      this.#shownDelivery = delivery;
      this.#showDelivery(isLate);
    }
    const reacted = JSON.stringify([...(reactions ?? [])]);
    if (reacted !== this.#shownReactions) {
      this.#shownReactions = reacted;
      this.#body.querySelector(".reactions")?.remove();
      if (reactions?.size) this.#body.append(reactionButtons(reactions, self, nameOf, isArchived));
    }
    const menu = this.element.querySelector(".more");
    if (hasMenu && !menu) this.element.append(menuButton());
    if (!hasMenu) menu?.remove();
  }

  /**
   * @param {object} look
   * @param {string} look.user
   * @param {string} look.name
   * @param {boolean} look.isContinued
   * @param {import("./quoted-message.js").Quoted} [look.quoted]
   * @param {boolean} look.isMention whether it mentions this user
   */
  #showContent({ user, name, isContinued, quoted, isMention }) {
    const message = this.#message;
    const digits = (/** @type {Date} */ date) => format.digits(date);
    const margin = isContinued
      ? element("span", { class: "gutter", "aria-hidden": "true" }, timeElement(message, digits))
      : avatar(user, name);
    const pause = element("span", { class: "visually-hidden" }, isMention ? " mentions you: " : ": ");
    const time = !isContinued && timeElement(message, (date) => format.time(date));
    const who = element("p", { class: "who" }, userText(name, "name"), time, pause);
    this.#body = element("div", { class: "body" }, who, quoted && !message.isRemoved && quotedLine(quoted), this.#content());
    const menu = this.element.querySelector(".more");
    this.element.replaceChildren(margin, this.#body, ...(menu ? [menu] : []));
  }

  #content() {
    const { text, isRaw, isRemoved, isEdited } = this.#message;
    if (isRemoved) return element("p", { class: "what removed" }, "removed");
    const look = isRaw ? " raw" : isOnlyEmoji(text) ? " emoji" : "";
    const blocks = isRaw ? [element("p", {}, text)] : formattedText(text);
    const content = element("div", { class: "what" + look, dir: "auto" }, ...blocks);
    if (isEdited) lastParagraph(content).append(element("span", { class: "edited" }, " (edited)"));
    if (text.length < MAX_UNFOLDED_LENGTH || this.#isUnfolded) return content;
    content.classList.add("folded");
    const unfold = () => {
      this.#isUnfolded = true;
      content.classList.remove("folded");
      button.remove();
    };
    const button = element("button", { type: "button", class: "small", onclick: unfold }, "Show the whole message");
    return element("div", {}, content, button);
  }

  /** @param {boolean} isLate */
  #showDelivery(isLate) {
    this.#body.querySelector(".delivery")?.remove();
    if (this.#message.state === "failed") this.#body.append(failure(this.#message));
    else if (isLate) this.#body.append(element("p", { class: "delivery" }, "Waiting to be sent"));
  }
}

/**
 * Returns the paragraph at the end of a text, or the text if it ends with something else.
 *
 * @param {HTMLElement} content
 */
function lastParagraph(content) {
  const last = content.lastElementChild;
  return last?.tagName === "P" ? last : content;
}

/**
 * @param {Message} message
 * @param {(date: Date) => string} toText
 */
function timeElement({ at }, toText) {
  if (at === undefined) return undefined;
  const date = new Date(at);
  return element("time", { datetime: date.toISOString(), title: format.dateTime(date) }, toText(date));
}

function menuButton() {
  const label = { "aria-label": "More about this message", "aria-haspopup": "menu", "aria-expanded": "false" };
  return element("button", { type: "button", class: "more", tabindex: "-1", ...label }, "⋯");
}

/** @param {Message} message */
function failure({ reason }) {
  return element(
    "p",
    { class: "delivery failed" },
    element("span", {}, `Not sent: ${reason || "the server did not accept it"}`),
    element("button", { type: "button", class: "small", "data-retry": true }, "Try again"),
    element("button", { type: "button", class: "small", "data-discard": true }, "Discard"),
  );
}
