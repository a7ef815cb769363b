// @ts-check
import { isTemporary } from "../../lib/errors.js";
import { randomId } from "../../lib/random-id.js";
import { sleep } from "../../lib/retry.js";
import { tabStorage } from "../../lib/storage.js";
import { formatPosition } from "./position.js";

/** @typedef {import("./typedefs.js").OutgoingMessage} OutgoingMessage */

/** What a new message refers to. @typedef {Pick<OutgoingMessage, "replyTo" | "mentions">} References */

/** What the server receives. @typedef {{ text: string, id: string, reply?: string, mentions?: string[] }} Content */

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;
const PERMISSION_DENIED = 103;

/**
 * The messages of one room that the server has not yet published, in order. A reload of the page
 * does not lose them.
 */
export class Outbox {
  /** @type {OutgoingMessage[]} */
  messages = [];
  #key;
  #onChange;
  #storage;
  #delay;
  #isPublishing = false;

  /**
   * @param {string} room
   * @param {() => void} onChange
   * @param {Pick<import("../../lib/storage.js").JsonStorage, "get" | "set" | "remove">} [storage]
   * @param {(ms: number) => Promise<unknown>} [delay]
   */
  constructor(room, onChange, storage = tabStorage, delay = sleep) {
    this.#key = "outbox:" + room;
    this.#onChange = onChange;
    this.#storage = storage;
    this.#delay = delay;
    const stored = storage.get(this.#key, []);
    for (const { id, text, ...others } of Array.isArray(stored) ? stored : []) {
      this.messages.push(newMessage(id, text, others));
    }
  }

  /**
   * @param {string} text
   * @param {References} [references]
   */
  add(text, references) {
    this.messages.push(newMessage(randomId(), text, references));
    this.#save();
  }

  /** @param {string} id */
  find(id) {
    return this.messages.find((message) => message.id === id);
  }

  /**
   * Makes a failed message wait again, behind those that were added since.
   *
   * @param {OutgoingMessage} message
   */
  retry(message) {
    this.remove(message);
    message.state = "waiting";
    message.reason = undefined;
    this.messages.push(message);
    this.#save();
  }

  /** @param {OutgoingMessage} message */
  remove(message) {
    this.messages = this.messages.filter((each) => each !== message);
    this.#save();
  }

  /**
   * Publishes the waiting messages one after the other. After a temporary error it publishes the
   * same ID again: the server publishes an ID once.
   *
   * @param {(data: Content) => Promise<unknown>} publish
   * @param {() => boolean} canPublish checked before each attempt
   * @param {(message: OutgoingMessage) => void} onAccepted called when the server has accepted one
   */
  async flush(publish, canPublish, onAccepted) {
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    try {
      for (let ms = FIRST_DELAY_MS; canPublish(); ) {
        const message = this.messages.find(({ state }) => state === "waiting");
        if (!message) return;
        const error = await publish(contentOf(message)).then(() => undefined, (reason) => reason);
        // The subscription may have delivered the message before the reply came: then it is sent already.
        const isWaiting = message.state === "waiting";
        if (!error) {
          ms = FIRST_DELAY_MS;
          if (isWaiting) message.state = "sent";
          onAccepted(message);
        } else if (isTemporary(error)) {
          await this.#delay(ms);
          ms = Math.min(2 * ms, MAX_DELAY_MS);
        } else if (isWaiting) {
          message.state = "failed";
          message.reason = reasonOf(error);
        }
        this.#save();
      }
    } finally {
      this.#isPublishing = false;
    }
  }

  #save() {
    const unsent = this.messages.filter(({ state }) => state !== "sent");
    if (unsent.length === 0) this.#storage.remove(this.#key);
    else this.#storage.set(this.#key, unsent.map(toStored));
    this.#onChange();
  }
}

/** @param {{ code: number, message: string }} error */
function reasonOf({ code, message }) {
  return code === PERMISSION_DENIED ? `you may not send messages here right now (${message})` : message;
}

/**
 * @param {string} id
 * @param {string} text
 * @param {Partial<OutgoingMessage>} [others]
 * @returns {OutgoingMessage}
 */
function newMessage(id, text, others) {
  return { kind: "message", id, text, state: "waiting", ...others, isOwn: true, at: Date.now() };
}

/** @param {OutgoingMessage} message */
function toStored({ id, text, state, reason, replyTo, mentions }) {
  return { id, text, state, reason, replyTo, mentions };
}

/**
 * @param {OutgoingMessage} message
 * @returns {Content}
 */
function contentOf({ id, text, replyTo, mentions }) {
  return {
    id,
    text,
    ...(replyTo && { reply: formatPosition(replyTo) }),
    ...(mentions?.length && { mentions }),
  };
}
