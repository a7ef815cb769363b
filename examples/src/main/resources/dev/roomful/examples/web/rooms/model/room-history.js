// @ts-check
import { retryWhileTemporary } from "../../lib/retry.js";
import { isAmendment } from "./amendments.js";
import { formatPosition, parsePosition } from "./position.js";
import { fromArchive, toMessage } from "./publication.js";
import { MAX_ENTRIES } from "./timeline.js";

/** @typedef {import("./typedefs.js").ArchivePage} ArchivePage */
/** @typedef {import("./typedefs.js").Entry} Entry */
/** @typedef {import("./typedefs.js").Position} Position */
/** @typedef {import("./typedefs.js").Publication} Publication */

/** @typedef {{ limit: number, reverse: boolean, since?: Position }} HistoryRequest */
/** @typedef {{ epoch: string, publications: Publication[] }} HistoryPage */

const PAGE_SIZE = 50;

/**
 * Loads the stored messages of a room into its timeline, once the user has opened the room, and older
 * ones from the archive if the server has one.
 */
export class RoomHistory {
  isLoading = false;
  /** Whether the room begins with the oldest message, once the timeline is complete. */
  hasBeginning = false;
  #room;
  #isOpen = false;
  /**
   * Where the next older page ends, as long as the first entry is the same.
   *
   * @type {{ first: Entry | undefined, before?: Position, isArchived: boolean } | undefined}
   */
  #next;

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
    this.#next = undefined;
    if (isLost) this.#room.timeline.addGap();
    if (!this.#isOpen) return;
    if (isLost && last) this.#loadStored({ limit: MAX_ENTRIES, reverse: false, since: last });
    else if (isLost || !wasRecovering) this.#loadLatest();
  }

  /** Loads the page before the oldest message that is there. */
  async loadOlder() {
    const { timeline, state } = this.#room;
    if (timeline.isFull) {
      timeline.isComplete = true;
      this.#room.emit("timeline");
    }
    if (timeline.isComplete || this.isLoading || state !== "joined") return;
    const [first] = timeline.entries;
    const { before, isArchived } = (this.#next?.first === first ? this.#next : undefined) ?? this.#oldest();
    if (isArchived) await this.#loadArchived(before);
    else await this.#loadStored({ limit: PAGE_SIZE, reverse: true, since: before });
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
    return this.#loadStored({ limit: PAGE_SIZE, reverse: true });
  }

  /** @param {HistoryRequest} request */
  #loadStored(request) {
    const fetch = () => this.#room.subscription.history(request);
    return this.#load(fetch, (page) => this.#addStored(page, request));
  }

  /** @param {Position | undefined} before */
  #loadArchived(before) {
    const { chat, name, timeline } = this.#room;
    const [first] = timeline.entries;
    const request = { room: name, before: before && formatPosition(before) };
    return this.#load(
      () => chat.call("archive", request),
      (page) => {
        if (timeline.entries[0] === first) this.#addArchived(page, before);
      },
    );
  }

  /**
   * @template T
   * @param {() => Promise<T>} fetch
   * @param {(page: T) => void} add
   */
  async #load(fetch, add) {
    const room = this.#room;
    const { epoch } = room;
    this.isLoading = true;
    room.emit("timeline");
    const page = await retryWhileTemporary(fetch, () => room.state === "joined");
    this.isLoading = false;
    if (page && room.epoch === epoch) add(page);
    if (!page && room.state === "joined") this.#complete(false); // the server denies it
    room.emit("timeline");
  }

  /**
   * @param {HistoryPage} page
   * @param {HistoryRequest} request
   */
  #addStored({ publications, epoch }, { reverse, since }) {
    const room = this.#room;
    if (epoch !== room.epoch) return;
    for (const publication of publications.filter(isAmendment)) room.amend(publication);
    const messages = publications.filter((publication) => !isAmendment(publication));
    for (const publication of reverse ? messages.toReversed() : messages) {
      const message = { ...toMessage(publication, epoch, room.self), isFromHistory: true };
      room.addMessage(message, { isOlder: reverse && !!since });
    }
    if (!reverse) return;
    const from = publications.at(-1)?.offset;
    const { before } = this.#oldest();
    if (!from || from === 1 || before?.offset === 1) {
      if (room.hasArchive) this.#continueAt(before, true);
      else this.#complete();
    } else if (messages.length === 0) {
      this.#continueAt({ epoch, offset: from }, false);
      this.loadOlder();
    }
  }

  /**
   * @param {ArchivePage} page
   * @param {Position | undefined} before
   */
  #addArchived({ messages, next }, before) {
    const room = this.#room;
    let nextEpoch = before?.epoch ?? room.epoch;
    for (const archived of messages) {
      room.addMessage(fromArchive(archived, room.self), { isOlder: true, nextEpoch, isCurrent: true });
      nextEpoch = archived.epoch;
    }
    if (next) this.#continueAt(parsePosition(next), true);
    else this.#complete(true);
  }

  /**
   * @param {Position | undefined} before
   * @param {boolean} isArchived
   */
  #continueAt(before, isArchived) {
    this.#next = { first: this.#room.timeline.entries[0], before, isArchived };
  }

  /** The position of the oldest message of the current epoch. */
  #oldest() {
    const { timeline, epoch = "" } = this.#room;
    const offset = timeline.oldestOffset(epoch);
    return { before: offset ? { epoch, offset } : undefined, isArchived: false };
  }

  /** @param {boolean} [hasBeginning] */
  #complete(hasBeginning = (this.#oldest().before?.offset ?? 1) === 1) {
    this.hasBeginning = hasBeginning;
    this.#room.timeline.isComplete = true;
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
