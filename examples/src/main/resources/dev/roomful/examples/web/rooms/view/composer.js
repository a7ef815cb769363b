// @ts-check
import { find, setText, userText } from "../../lib/dom.js";
import { enumerate, toSentence } from "../../lib/phrases.js";
import { tabStorage } from "../../lib/storage.js";
import { TimeFormat } from "../../lib/time.js";
import { replaceEmojiNames } from "../model/emoji.js";
import { excerpt } from "../model/excerpt.js";
import { mentionedUsers } from "../model/mentions.js";
import { ComposerBar } from "./composer-bar.js";
import { MentionCompletion } from "./mention-completion.js";
import { mayEdit } from "./message-menu.js";
import { runOrShowError } from "./toast.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Message} Message */

const MAX_LENGTH = 4_000;
const WARNING_LENGTH = 3_500;
const MAX_NAMES = 3;

const format = new TimeFormat();

/**
 * The field for a new message, for a reply, or for the new text of a message that was sent; and who
 * is typing. Each room has its own draft.
 */
export class Composer {
  /** @type {Room | undefined} */
  #room;
  #form = find("#composer", HTMLFormElement);
  #text = find("#text", HTMLTextAreaElement);
  #typing = find("#typing");
  #muted = find("#muted");
  #charactersLeft = find("#characters-left");
  #bar = new ComposerBar(() => this.#cancel());
  /** The message whose text is in the field. @type {Message | undefined} */
  #edited;
  /** The message to which the text is a reply. @type {Message | undefined} */
  #original;
  #completion = new MentionCompletion(this.#text, () => this.#others());
  #onSend;

  /** @param {() => void} onSend called when the user has sent a message */
  constructor(onSend) {
    this.#onSend = onSend;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("keydown", (event) => {
      if (this.#completion.handleKey(event)) return;
      if (event.key === "Escape" && (this.#edited || this.#original)) this.#cancel();
      if (event.key === "ArrowUp" && !this.#text.value && !this.#edited) this.#editLast(event);
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#textChanged());
  }

  /** @param {Room} room */
  show(room) {
    this.#room = room;
    this.#startNew();
    this.#text.placeholder = `Message ${room.title}`;
    this.update();
  }

  /**
   * Lets the user change the text of a message. The draft of a new one returns afterwards.
   *
   * @param {Message} message
   */
  edit(message) {
    this.#edited = message;
    this.#original = undefined;
    this.#bar.show("Editing a message");
    this.#text.value = message.text;
    this.#fitHeight();
    this.#text.focus();
  }

  /**
   * Makes the text in the field a reply to a message.
   *
   * @param {Message} message
   */
  reply(message) {
    this.#startNew();
    this.#original = message;
    this.#bar.show("Replying to ", userText(message.name ?? ""), ": ", userText(excerpt(message.text)));
    this.#text.focus();
  }

  /** The text is for a new message again. */
  #cancel() {
    this.#startNew();
    this.#text.focus();
  }

  /** Shows the draft of a new message. */
  #startNew() {
    this.#edited = undefined;
    this.#original = undefined;
    this.#bar.hide();
    this.#completion.close();
    this.#text.value = this.#room ? tabStorage.get(draftKey(this.#room), "") : "";
    this.#fitHeight();
  }

  /** @param {KeyboardEvent} event */
  #editLast(event) {
    const last = this.#room?.timeline.entries.findLast((entry) => entry.kind === "message" && mayEdit(entry));
    if (last?.kind !== "message") return;
    event.preventDefault();
    this.edit(last);
  }

  /** The other people in the room. */
  #others() {
    const room = this.#room;
    return room ? room.presence.list(room.roles).filter(({ user }) => user !== room.self) : [];
  }

  focus() {
    this.#text.focus();
  }

  update() {
    if (!this.#room) return;
    this.#form.hidden = this.#room.state === "notJoined";
    this.#updateMuted(this.#room.sanctions.mute);
    this.#typing.replaceChildren(...typingText(this.#room.typing.names));
  }

  /** @param {import("../model/typedefs.js").Sanction} [mute] */
  #updateMuted(mute) {
    const what = mute && `You are muted until ${format.timeOrDate(mute.until)}`;
    setText(this.#muted, what ? toSentence(mute.reason ? `${what}: ${mute.reason}` : what) : "");
    this.#muted.hidden = !mute;
  }

  #textChanged() {
    this.#fitHeight();
    if (!this.#room || this.#edited) return;
    tabStorage.set(draftKey(this.#room), this.#text.value);
    if (this.#text.value.trim()) this.#room.announceTyping();
  }

  /** Makes the field as high as its text, up to the maximum of the style sheet. */
  #fitHeight() {
    const text = this.#text;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
    const left = MAX_LENGTH - text.value.length;
    this.#charactersLeft.hidden = text.value.length < WARNING_LENGTH;
    this.#charactersLeft.textContent = left === 0 ? "The message has the maximum length." : `${left} characters left`;
  }

  #send() {
    this.#text.focus();
    const text = replaceEmojiNames(this.#text.value.trim());
    const room = this.#room;
    if (!text || !room || room.state === "notJoined") return;
    const edited = this.#edited;
    if (edited) {
      this.#startNew();
      runOrShowError(() => room.edit(edited, text));
      return;
    }
    const replyTo = this.#original && positionOf(this.#original);
    room.publish(text, { replyTo, mentions: mentionedUsers(text, this.#others()) });
    tabStorage.remove(draftKey(room));
    this.#startNew();
    this.#onSend();
  }
}

/**
 * @param {Message} message that the server has published
 * @returns {import("../model/typedefs.js").Position}
 */
function positionOf({ epoch = "", offset = 0 }) {
  return { epoch, offset };
}

/** @param {Room} room */
function draftKey(room) {
  return "draft:" + room.name;
}

/** @param {string[]} names */
function typingText(names) {
  if (names.length === 0) return [];
  if (names.length > MAX_NAMES) return ["Several people are typing…"];
  const verb = names.length > 1 ? " are typing…" : " is typing…";
  return [...enumerate(names.map((name) => userText(name))), verb];
}
