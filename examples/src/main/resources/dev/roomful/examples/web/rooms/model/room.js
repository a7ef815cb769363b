// @ts-check
import { Emitter } from "../../lib/emitter.js";
import { retryWhileTemporary } from "../../lib/retry.js";
import { Amendments, isAmendment } from "./amendments.js";
import { JoinLeaveEvents } from "./join-leave-events.js";
import { displayName, isPrivateRoomName, plainText, roomTitle } from "./names.js";
import { Outbox } from "./outbox.js";
import { OwnSanctions } from "./own-sanctions.js";
import { formatPosition, parsePosition } from "./position.js";
import { Presence } from "./presence.js";
import { toMessage } from "./publication.js";
import { ReadMarkSender } from "./read-mark-sender.js";
import { RoomHistory } from "./room-history.js";
import { applyNotice } from "./server-notices.js";
import { MAX_ENTRIES, Timeline } from "./timeline.js";
import { TypingStatus } from "./typing-status.js";
import { UnreadCounter } from "./unread-counter.js";

/** @typedef {import("../../centrifuge/centrifuge.js").SubscribedContext} SubscribedContext */
/** @typedef {import("./typedefs.js").Message} Message */
/** @typedef {import("./typedefs.js").OutgoingMessage} OutgoingMessage */
/** @typedef {import("./typedefs.js").Person} Person */
/** @typedef {import("./typedefs.js").Publication} Publication */
/** @typedef {import("./typedefs.js").Role} Role */
/** @typedef {import("./typedefs.js").Welcome} Welcome */

const DELIVERY_TIMEOUT_MS = 2_000;
const PERMISSION_DENIED = 103;

/** The tags of a notice that a user has read more of the room. */
const READER = "roomful.reader";
const READ = "roomful.read";

/** The codes of the server's own decisions begin here: the user was removed from the room. */
const FIRST_REMOVAL_CODE = 2_000;

/**
 * A room that this user has joined or is about to. Emits "state" when the state, the topic or a role
 * has changed, "message" when the server has published one, and one event for each other part.
 *
 * @extends {Emitter<{ state: void, timeline: void, presence: void, typing: void, unread: void, message: Message }>}
 */
export class Room extends Emitter {
  /** @type {"joining" | "joined" | "notJoined"} */
  state = "joining";
  /** Why it is not joined. */
  reason = "";
  /** Whether it is not joined because a moderator removed this user. */
  wasRemoved = false;
  /** Whether the server has older messages than those that the room stores. */
  hasArchive = false;
  topic = "";
  /** By user; others are members. @type {Map<string, Role>} */
  roles = new Map();
  /** The users whom this user has muted, as far as this page knows. @type {Set<string>} */
  muted = new Set();
  sanctions = new OwnSanctions(() => this.emit("state"));
  presence = new Presence();
  timeline = new Timeline();
  amendments = new Amendments();
  typing = new TypingStatus(() => this.emit("typing"));
  joinsAndLeaves = new JoinLeaveEvents(this);
  history = new RoomHistory(this);
  #unread;
  #isNew;
  #presenceLoads = 0;
  /** @type {string | undefined} */
  #epoch;

  /**
   * Joins the room.
   *
   * @param {import("./chat-client.js").ChatClient} chat
   * @param {string} name
   * @param {Person} [direct] the other user, if it is a direct room of two
   * @param {boolean} [isNew] whether all messages are unread if none was ever read
   */
  constructor(chat, name, direct, isNew = false) {
    super();
    this.chat = chat;
    this.name = name;
    this.direct = direct;
    this.#isNew = isNew;
    const readMarks = new ReadMarkSender((position) => chat.call("read", { room: name, ...position }));
    this.#unread = new UnreadCounter(name, () => this.emit("unread"), (position) => readMarks.moved(position));
    this.outbox = new Outbox(name, () => this.emit("timeline"));
    this.subscription = chat.subscribe(name);
    this.subscription.on("subscribed", (context) => this.#joined(context));
    this.subscription.on("subscribing", () => {
      this.joinsAndLeaves.connectionLost();
      this.#setState("joining");
    });
    this.subscription.on("unsubscribed", ({ code, reason }) => {
      if (code !== 0) this.#setState("notJoined", reason, code >= FIRST_REMOVAL_CODE);
      if (code === PERMISSION_DENIED) this.#loadSanctions();
    });
    this.subscription.on("publication", (publication) => this.#received(publication));
    this.subscription.on("join", ({ info }) => this.joinsAndLeaves.join(info));
    this.subscription.on("leave", ({ info }) => this.joinsAndLeaves.leave(info));
    this.subscription.subscribe();
  }

  get title() {
    return this.direct ? this.direct.name : roomTitle(this.name);
  }

  /** Whether only those may join whom a member has invited. */
  get isPrivate() {
    return isPrivateRoomName(this.name);
  }

  /** The epoch of the room's log, since this client has joined the room. */
  get epoch() {
    return this.#epoch;
  }

  /** The ID of this user. */
  get self() {
    return this.chat.self.user;
  }

  /** @param {string} user */
  roleOf(user) {
    return this.roles.get(user) ?? "member";
  }

  get canModerate() {
    return !this.direct && ["owner", "moderator"].includes(this.roleOf(this.self));
  }

  /** The number of unread messages. */
  get unread() {
    return this.#unread.count;
  }

  /** Whether an unread message mentions this user. */
  get hasUnreadMention() {
    return this.#unread.hasMention;
  }

  /** The position before the first message that was unread, while the page marks it. */
  get unreadMarker() {
    return this.#unread.marker;
  }

  /**
   * Tells whether the user looks at the end of the room: then its messages count as read.
   *
   * @param {boolean} isViewed
   */
  setViewed(isViewed) {
    this.#unread.setViewed(isViewed);
  }

  /** The page shows this room. */
  shown() {
    this.history.open();
  }

  /** The user, who has read older messages, is back at the end of the room. */
  returnedToEnd() {
    this.timeline.shrink();
    this.emit("timeline");
  }

  /** The page does not show this room any more. */
  hidden() {
    this.setViewed(false);
    this.timeline.shrink();
    if (this.unread === 0) this.#unread.marker = undefined;
  }

  /**
   * @param {Room["state"]} state
   * @param {string} [reason]
   * @param {boolean} [wasRemoved]
   */
  #setState(state, reason = "", wasRemoved = false) {
    this.state = state;
    this.reason = reason;
    this.wasRemoved = wasRemoved;
    if (state === "notJoined") this.presence.clear();
    this.typing.clear();
    this.emit("state");
    this.emit("presence");
  }

  /** @param {SubscribedContext} context */
  #joined({ data, streamPosition, wasRecovering, recovered }) {
    const { epoch = "", offset = 0 } = streamPosition ?? {};
    const lastOffset = this.timeline.newestOffset(epoch);
    const last = lastOffset ? { epoch, offset: lastOffset } : undefined;
    this.#epoch = epoch;
    this.#unread.joined({ epoch, offset }, this.#isNew, parsePosition(data?.read));
    this.#applyWelcome(data ?? {});
    this.#setState("joined");
    this.joinsAndLeaves.rejoined();
    this.history.joined({ wasRecovering, recovered, last });
    this.emit("timeline");
    this.emit("unread");
    this.#loadPresence();
    if (this.unread > 0 && !recovered) this.#findMentions(epoch);
    setTimeout(() => this.flushOutbox()); // recovered messages come first: some may be from the outbox
  }

  /** @param {Welcome} welcome */
  #applyWelcome({ topic, roles, you, mute, archive }) {
    this.hasArchive = archive === true;
    this.sanctions.set("ban");
    this.sanctions.set("mute", mute);
    this.topic = typeof topic === "string" ? topic : "";
    this.roles = new Map(Object.entries(roles ?? {}));
    if (you) {
      this.roles.set(you.user, you.role);
      this.chat.setSelf(you);
    }
  }

  /** Asks whether a ban of this user is why it was rejected. */
  async #loadSanctions() {
    /** @type {import("./typedefs.js").RoomSanctions | undefined} */
    const answer = await this.chat.call("sanctions", { room: this.name }).catch(() => undefined);
    if (answer && this.state === "notJoined") this.sanctions.set("ban", answer.you.ban);
  }

  /** A request that was on its way when the connection was lost says nothing about the room now. */
  async #loadPresence() {
    const load = ++this.#presenceLoads;
    const isCurrent = () => this.state === "joined" && load === this.#presenceLoads;
    this.presence.snapshotRequested();
    const result = await retryWhileTemporary(() => this.subscription.presence(), isCurrent);
    if (!isCurrent()) return;
    this.presence.replace(result?.clients ?? {});
    this.emit("presence");
  }

  /**
   * Finds mentions among the unread messages that came before this client joined the room.
   *
   * @param {string} epoch
   */
  async #findMentions(epoch) {
    const request = { limit: Math.min(this.unread, MAX_ENTRIES), reverse: true };
    const isCurrent = () => this.state === "joined" && this.#epoch === epoch;
    const result = await retryWhileTemporary(() => this.subscription.history(request), isCurrent);
    if (!isCurrent()) return;
    for (const publication of result?.publications ?? []) {
      const { isOwn, mentions, offset } = toMessage(publication, epoch, this.self);
      if (offset && !isOwn && mentions?.includes(this.self)) this.#unread.mentioned(offset);
    }
    this.emit("unread");
  }

  /** @param {Publication} publication */
  #received(publication) {
    const { data, info, offset, tags } = publication;
    if (offset) {
      this.#receivedMessage(publication, offset);
    } else if (data?.typing === true) {
      if (info?.user && info.user !== this.self) this.typing.start(info.user, displayName(info));
    } else if (tags?.[READER]) {
      const read = tags[READER] === this.self ? parsePosition(tags[READ]) : undefined;
      if (read) this.#unread.readMarked(read);
    } else if (data?.notice) {
      applyNotice(this, data);
    }
  }

  /**
   * @param {Publication} publication
   * @param {number} offset
   */
  #receivedMessage(publication, offset) {
    const isOwn = publication.info?.user === this.self;
    if (isAmendment(publication)) {
      this.amend(publication);
      this.#unread.amended(offset);
    } else {
      const message = toMessage(publication, this.#epoch ?? "", this.self);
      this.typing.stop(message.user);
      this.addMessage(message);
      this.#unread.received(offset, isOwn, message.mentions?.includes(this.self));
      this.emit("message", message);
    }
    this.emit("timeline");
    this.emit("unread");
  }

  /**
   * Adds a message to the timeline. If it was in the outbox it moves from there.
   *
   * @param {Message} message
   * @param {{ isOlder?: boolean, nextEpoch?: string, isCurrent?: boolean }} [options] whether it is as it is now, and
   *     those of {@link Timeline.add}
   */
  addMessage(message, { isCurrent = false, ...options } = {}) {
    if (!isCurrent) Object.assign(message, this.amendments.of(message));
    const sent = message.isOwn && message.id ? this.outbox.find(message.id) : undefined;
    if (sent) this.outbox.remove(sent);
    this.timeline.add(sent ? Object.assign(sent, message, { reason: undefined }) : message, options);
  }

  /**
   * Changes an earlier message, now or when it is loaded.
   *
   * @param {Publication} publication
   */
  amend(publication) {
    const target = this.amendments.apply(publication);
    const message = target && this.timeline.find(target);
    if (message) Object.assign(message, this.amendments.of(target));
  }

  /**
   * Replaces the text of a message of this user.
   *
   * @param {Message} message
   * @param {string} text
   */
  async edit(message, text) {
    if (text !== message.text) await this.#publishAmendment("edit", message, { text });
  }

  /**
   * Adds a reaction of this user to a message, or takes it back.
   *
   * @param {Message} message
   * @param {string} reaction
   */
  async toggleReaction(message, reaction) {
    const hasReacted = message.reactions?.get(reaction)?.includes(this.self);
    await this.#publishAmendment(hasReacted ? "unreact" : "react", message, { reaction });
  }

  /**
   * @param {string} amend
   * @param {Message} message
   * @param {object} others
   */
  async #publishAmendment(amend, message, others) {
    await this.subscription.publish({ amend, target: formatPosition(message), ...others });
  }

  /**
   * Sends a message, now or as soon as there is a connection.
   *
   * @param {string} text
   * @param {import("./outbox.js").References} [references]
   */
  publish(text, references) {
    this.typing.messageSent();
    this.#unread.marker = undefined;
    this.outbox.add(text, references);
    this.flushOutbox();
  }

  flushOutbox() {
    return this.outbox.flush(
      (data) => this.subscription.publish(data),
      () => this.state === "joined",
      (message) => setTimeout(() => this.#moveToTimeline(message), DELIVERY_TIMEOUT_MS),
    );
  }

  /**
   * Moves a message to the timeline that the server has accepted and not delivered: it had
   * published the same ID before this client joined the room again.
   *
   * @param {OutgoingMessage} message
   */
  #moveToTimeline(message) {
    if (message.offset || this.outbox.find(message.id) !== message) return;
    this.outbox.remove(message);
    message.user = this.self;
    message.name = plainText(this.chat.self.name);
    this.timeline.add(message);
    this.emit("timeline");
  }

  /** Announces that this user is typing. */
  announceTyping() {
    if (this.state === "joined") this.typing.announce(() => this.subscription.publish({ typing: true }));
  }

  /** Joins the room again, after this user was removed or rejected. */
  rejoin() {
    this.subscription.subscribe();
  }

  leave() {
    this.typing.clear();
    this.chat.unsubscribe(this.subscription);
  }
}
