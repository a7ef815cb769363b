// @ts-check
import { readPosition, saveReadPosition } from "./read-positions.js";

/** @typedef {import("./typedefs.js").Position} Position */

/** Counts the unread messages of a room. Tabs share how far the room was read. */
export class UnreadCounter {
  /**
   * Where the user had read to when unread messages came.
   *
   * @type {Position | undefined}
   */
  marker;
  #room;
  #onRead;
  #sendReadMark;
  /** @type {string | undefined} */
  #epoch;
  #latest = 0;
  #isViewed = false;
  /** The offsets of messages that mention this user, as far as they were received. @type {number[]} */
  #mentions = [];

  /**
   * @param {string} room
   * @param {() => void} onRead called when messages were marked as read, here or on another device
   * @param {(position: Position) => void} sendReadMark called when messages were marked as read here
   */
  constructor(room, onRead, sendReadMark) {
    this.#room = room;
    this.#onRead = onRead;
    this.#sendReadMark = sendReadMark;
  }

  get count() {
    return this.#epoch === undefined ? 0 : Math.max(0, this.#latest - this.#readOffset);
  }

  /** Whether an unread message mentions this user. */
  get hasMention() {
    return this.#mentions.some((offset) => offset > this.#readOffset);
  }

  /** The offset of the last message that was read in the current epoch, or 0. */
  get #readOffset() {
    const read = readPosition(this.#room);
    return read?.epoch === this.#epoch ? read?.offset ?? 0 : 0;
  }

  /**
   * This client has joined the room at a position. A room that was never read counts as read up to
   * there, unless all of its messages are new to the user.
   *
   * @param {Position} position
   * @param {boolean} isNew
   * @param {Position} [read] up to where the user has read on any device, as far as the server knows
   */
  joined({ epoch, offset }, isNew, read) {
    const wasRead = this.count === 0;
    if (this.#epoch !== epoch) this.#mentions = [];
    this.#epoch = epoch;
    this.#latest = offset;
    if (read?.epoch === epoch) saveReadPosition(this.#room, read);
    if (!readPosition(this.#room)) saveReadPosition(this.#room, { epoch, offset: isNew ? 0 : offset });
    if (wasRead && this.count > 0) this.marker = readPosition(this.#room);
  }

  /**
   * @param {number} offset
   * @param {boolean} isOwn
   * @param {boolean} [isMention] whether it mentions this user
   */
  received(offset, isOwn, isMention = false) {
    const wasRead = this.count === 0;
    const before = readPosition(this.#room);
    this.#latest = Math.max(this.#latest, offset);
    if (isMention && !isOwn) this.mentioned(offset);
    if (isOwn || this.#isViewed) this.#markRead(offset);
    else if (wasRead && this.count > 0) this.marker = before;
  }

  /**
   * A message mentions this user. It may have come before this client joined the room.
   *
   * @param {number} offset
   */
  mentioned(offset) {
    const isUnread = (/** @type {number} */ each) => each > this.#readOffset && each !== offset;
    this.#mentions = [...this.#mentions.filter(isUnread), offset];
  }

  /**
   * An earlier message was changed, which is nothing to read: it counts as read with what came
   * before it.
   *
   * @param {number} offset
   */
  amended(offset) {
    const wasRead = this.count === 0;
    this.#latest = Math.max(this.#latest, offset);
    if (wasRead) this.#markRead(offset);
  }

  /**
   * The user has read up to a position, on this device or another one.
   *
   * @param {Position} position
   */
  readMarked(position) {
    if (position.epoch !== this.#epoch || position.offset <= this.#readOffset) return;
    saveReadPosition(this.#room, position);
    this.#onRead();
  }

  /**
   * Messages that come while the user looks at the end of the room count as read.
   *
   * @param {boolean} isViewed
   */
  setViewed(isViewed) {
    this.#isViewed = isViewed;
    if (isViewed) this.#markRead(this.#latest);
  }

  /** @param {number} offset */
  #markRead(offset) {
    if (this.#epoch === undefined || this.count === 0) return;
    const position = { epoch: this.#epoch, offset };
    saveReadPosition(this.#room, position);
    this.#onRead();
    this.#sendReadMark(position);
  }
}
