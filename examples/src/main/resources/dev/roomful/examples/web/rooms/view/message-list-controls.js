// @ts-check
import { find } from "../../lib/dom.js";
import { messageActions } from "./message-menu.js";
import { messageOf } from "./message-view.js";
import { openMenu } from "./popup-menu.js";
import { scrollToMessage } from "./scroll-to-message.js";
import { runOrShowError } from "./toast.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").OutgoingMessage} OutgoingMessage */
/** @typedef {import("../model/typedefs.js").Message} Message */
/** @typedef {import("./message-menu.js").OpenDirect} OpenDirect */

/** Handles keys and clicks in the list of messages: moving between messages, and acting on one. */
export class MessageListControls {
  #list = find("#messages");
  #text = find("#text");
  #currentRoom;
  #openDirect;
  #composer;

  /**
   * @param {() => Room | undefined} currentRoom
   * @param {OpenDirect} openDirect
   * @param {Pick<import("./composer.js").Composer, "edit" | "reply">} composer
   */
  constructor(currentRoom, openDirect, composer) {
    this.#currentRoom = currentRoom;
    this.#openDirect = openDirect;
    this.#composer = composer;
    this.#list.addEventListener("click", ({ target }) => {
      if (target instanceof Element) this.#clicked(target);
    });
    this.#list.addEventListener("keydown", (event) => {
      if (event.target instanceof Element) this.#keyPressed(event, event.target);
    });
  }

  /** @param {Element} target */
  #clicked(target) {
    const article = target.closest("article");
    const room = this.#currentRoom();
    const message = article && messageOf(article);
    if (!message || !room) return;
    if (target.matches(".more")) this.#openMenu(article, target);
    if (target.closest("button.quoted")) this.#focusOriginal(room, message);
    const reaction = target.closest(".reaction")?.getAttribute("data-reaction");
    if (reaction) runOrShowError(() => room.toggleReaction(message, reaction));
    if (!target.matches("[data-retry], [data-discard]")) return;
    const outgoing = /** @type {OutgoingMessage} */ (message); // only those have these buttons
    if (target.matches("[data-retry]")) {
      room.outbox.retry(outgoing);
      room.flushOutbox();
    } else {
      room.outbox.remove(outgoing);
    }
    this.#text.focus();
  }

  /**
   * Moves the focus to the message that another one replies to.
   *
   * @param {Room} room
   * @param {Message} message
   */
  #focusOriginal(room, { replyTo }) {
    const original = replyTo && room.timeline.find(replyTo);
    if (original) scrollToMessage(original)?.focus({ preventScroll: true });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Element} target
   */
  #keyPressed(event, target) {
    const article = target.closest("article");
    const next = this.#targetOf(event.key, article);
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (event.key === "Enter" && article && target === article) {
      const button = article.querySelector(".more");
      if (!button) return;
      event.preventDefault();
      this.#openMenu(article, button);
    } else if (event.key === "Escape" && article) {
      this.#text.focus();
    }
  }

  /**
   * Returns the message to which a key moves the focus.
   *
   * @param {string} key
   * @param {HTMLElement | null} article the message that has the focus
   */
  #targetOf(key, article) {
    if (key === "ArrowUp") return article ? nextArticle(article, "previousElementSibling") : this.#lastVisible();
    if (key === "ArrowDown" && article) return nextArticle(article, "nextElementSibling");
    return undefined;
  }

  #lastVisible() {
    const { bottom } = this.#list.getBoundingClientRect();
    return [...this.#list.querySelectorAll("article")].findLast((each) => each.getBoundingClientRect().top < bottom);
  }

  /**
   * @param {Element} article
   * @param {Element} button
   */
  #openMenu(article, button) {
    const room = this.#currentRoom();
    const message = messageOf(article);
    if (!room || !message) return;
    const actions = {
      openDirect: this.#openDirect,
      edit: (/** @type {Message} */ each) => this.#composer.edit(each),
      reply: (/** @type {Message} */ each) => this.#composer.reply(each),
      openReactions: (/** @type {import("./popup-menu.js").MenuItem[]} */ items) =>
        openMenu(button, "Reactions", items),
    };
    openMenu(button, "Message", messageActions(room, message, actions));
  }
}

/**
 * @param {Element} article
 * @param {"previousElementSibling" | "nextElementSibling"} direction
 */
function nextArticle(article, direction) {
  let next = article[direction];
  while (next && next.tagName !== "ARTICLE") next = next[direction];
  return /** @type {HTMLElement | null} */ (next);
}
