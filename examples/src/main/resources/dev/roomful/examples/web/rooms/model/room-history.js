// @ts-check
import { retryWhileTemporary } from "../../lib/retry.js";
import { isAmendment } from "./amendments.js";
import { toMessage } from "./publication.js";
import { MAX_ENTRIES } from "./timeline.js";

/** @typedef {import("./typedefs.js").Position} Position */
/** @typedef {import("./typedefs.js").Publication} Publication */

const PAGE_SIZE = 50;

/** Loads the stored messages of a room into its timeline, once the user has opened the room. */
export class RoomHistory {
  isLoading = false;
  #room;
  #isOpen = false;
  /** A page without messages below the oldest one. @type {{ above?: number, from: number } | undefined} */
  #skipped;

  /** @param {import("./room.js").Room} room */
  constructor(room) {
    this.#room = room;
  }

  /** Loads the latest messages. Has an effect only the first time. */
  open() {
    if (this.#isOpen) return;
    this.#isOpen = true;
    if (this.#room.state === "joined") this.#loadLatest();
  }

  /**
   * This client has joined the room: for the first time, or again after it had lost its connection.
   *
   * @param {object} recovery
   * @param {boolean} recovery.wasRecovering whether the server was asked for missed messages
   * @param {boolean} recovery.recovered whether it sends all of them
   * @param {Position | undefined} recovery.last the position of the last message before
   */
  joined({ wasRecovering, recovered, last }) {
    const isLost = wasRecovering && !recovered;
    if (isLost) this.#room.timeline.addGap();
    if (!this.#isOpen) return;
    if (isLost && last) this.#load({ limit: MAX_ENTRIES, reverse: false, since: last });
    else if (isLost || !wasRecovering) this.#loadLatest();
  }

  /** Loads the page before the oldest message that is there. */
  async loadOlder() {
    const { timeline, epoch, state } = this.#room;
    if (timeline.isFull) {
      timeline.isComplete = true; // older messages would be dropped at once
      this.#room.emit("timeline");
    }
    if (timeline.isComplete || this.isLoading || state !== "joined") return;
    const oldest = timeline.oldestOffset(epoch);
    const offset = this.#skipped && this.#skipped.above === oldest ? this.#skipped.from : oldest;
    const since = offset && epoch !== undefined ? { epoch, offset } : undefined;
    await this.#load({ limit: PAGE_SIZE, reverse: true, since });
  }

  /**
   * Loads older messages until a condition holds or there are no more.
   *
   * @param {() => boolean} isDone
   */
  async loadOlderUntil(isDone) {
    const room = this.#room;
    while (!isDone() && !room.timeline.isComplete && room.state === "joined") {
      if (this.isLoading) await nextChange(room);
      else await this.loadOlder();
    }
  }

  #loadLatest() {
    return this.#load({ limit: PAGE_SIZE, reverse: true });
  }

  /** @param {{ limit: number, reverse: boolean, since?: Position }} request */
  async #load(request) {
    const room = this.#room;
    this.isLoading = true;
    room.emit("timeline");
    const result = await this.#fetch(request);
    this.isLoading = false;
    if (result && result.epoch === room.epoch) this.#add(result.publications, result.epoch, request);
    if (!result && room.state === "joined") room.timeline.isComplete = true; // the server denies it
    room.emit("timeline");
  }

  /** @param {{ limit: number, reverse: boolean, since?: Position }} request */
  #fetch(request) {
    return retryWhileTemporary(
      () => this.#room.subscription.history(request),
      () => this.#room.state === "joined",
    );
  }

  /**
   * @param {Publication[]} publications
   * @param {string} epoch
   * @param {{ reverse: boolean, since?: Position }} request
   */
  #add(publications, epoch, { reverse, since }) {
    const room = this.#room;
    for (const publication of publications.filter(isAmendment)) room.amend(publication);
    const messages = publications.filter((publication) => !isAmendment(publication));
    for (const publication of reverse ? messages.toReversed() : messages) {
      const message = { ...toMessage(publication, epoch, room.self), isFromHistory: true };
      room.addMessage(message, { isOlder: reverse && !!since });
    }
    if (!reverse) return;
    const oldest = room.timeline.oldestOffset(epoch);
    const from = publications.at(-1)?.offset;
    this.#skipped = from && messages.length === 0 ? { above: oldest, from } : undefined;
    if (!from || from === 1 || oldest === 1) room.timeline.isComplete = true;
    else if (this.#skipped) this.loadOlder();
  }
}

/**
 * Waits for the next change of a room's messages.
 *
 * @param {import("./room.js").Room} room
 * @returns {Promise<void>}
 */
function nextChange(room) {
  return new Promise((resolve) => {
    const remove = room.on("timeline", () => {
      remove();
      resolve();
    });
  });
}
