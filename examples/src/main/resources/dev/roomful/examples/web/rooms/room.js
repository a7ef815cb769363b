import { Emitter } from "./emitter.js";
import { nameOf, People, plain } from "./people.js";
import { heardAt, keepHeardAt, keepRead, readOf } from "./reads.js";
import { messageOf } from "./messages.js";
import { Moves } from "./moves.js";
import { notice } from "./notices.js";
import { Outbox } from "./outbox.js";
import { patiently } from "./patiently.js";
import { MOST, Timeline } from "./timeline.js";
import { Typing } from "./typing.js";

const PAGE = 50;
const CONFIRMED_WITHIN_MS = 2_000;

/**
 * One room that was joined. Tells of changes: "timeline", "people", "typing", "state" (in or out,
 * topic, roles), "unread".
 */
export class Room extends Emitter {
  state = "coming"; // coming, in, out
  reason = ""; // why it is out
  topic = "";
  roles = new Map();
  muted = new Set(); // by us, as far as this page knows
  people = new People();
  timeline = new Timeline();
  typing = new Typing(() => this.emit("typing"));
  line; // the position up to which was read before the unread ones came
  isLoading = false;
  moves = new Moves(this);
  #epoch;
  #top = 0;
  #attended = false;
  #wasOpened = false;

  constructor(chat, name, direct, isNew) {
    super();
    this.chat = chat;
    this.name = name;
    this.direct = direct; // {user, name} of the other one, if it is a room for two
    this.isNew = isNew; // nothing of it was read ever
    this.outbox = new Outbox(name, () => this.emit("timeline"));
    this.sub = chat.client.newSubscription(name, { joinLeave: true, positioned: true, recoverable: true });
    this.sub.on("subscribed", (context) => this.#subscribed(context));
    this.sub.on("subscribing", () => (this.moves.interrupted(), this.#become("coming")));
    this.sub.on("unsubscribed", ({ code, reason }) => code !== 0 && this.#become("out", reason, code));
    this.sub.on("publication", (publication) => this.#heard(publication));
    this.sub.on("join", ({ info }) => this.moves.join(info));
    this.sub.on("leave", ({ info }) => this.moves.leave(info));
    this.sub.subscribe();
  }

  get title() {
    return this.direct ? this.direct.name : this.name;
  }

  get epoch() {
    return this.#epoch;
  }

  get me() {
    return this.chat.me.user;
  }

  get role() {
    return this.roles.get(this.me) ?? "member";
  }

  get isInCharge() {
    return !this.direct && ["owner", "moderator"].includes(this.role);
  }

  get unread() {
    if (this.#epoch === undefined) return 0;
    const read = readOf(this.name);
    return Math.max(0, this.#top - (read?.epoch === this.#epoch ? read.offset : 0));
  }

  /** What is said while somebody looks at it is read. */
  set attended(attended) {
    this.#attended = attended;
    if (attended) this.read(this.#top);
  }

  read(offset) {
    if (this.#epoch === undefined || this.unread === 0) return;
    keepRead(this.name, this.#epoch, offset);
    this.emit("unread");
  }

  #become(state, reason = "", code = 0) {
    this.state = state;
    this.reason = reason;
    this.code = code;
    if (state === "out") this.people.replace({});
    this.typing.clear();
    this.emit("state");
    this.emit("people");
  }

  #subscribed({ data, streamPosition, wasRecovering, recovered }) {
    const { epoch = "", offset = 0 } = streamPosition ?? {};
    const lost = wasRecovering && !recovered;
    const last = this.timeline.newest(epoch);
    const hadNothingUnread = this.unread === 0;
    this.#epoch = epoch;
    this.#top = offset;
    if (!readOf(this.name)) keepRead(this.name, epoch, this.isNew ? 0 : offset);
    if (hadNothingUnread && this.unread > 0) this.line = readOf(this.name);
    this.#greeted(data ?? {});
    this.#become("in");
    this.moves.resumed();
    if (lost) {
      this.timeline.gap();
      if (this.#wasOpened) this.#load({ since: last && { epoch, offset: last }, reverse: !last });
    } else if (this.#wasOpened && !wasRecovering) {
      this.#load({ reverse: true });
    } else if (this.#wasOpened) {
      this.#compare();
    }
    for (const change of ["timeline", "unread"]) this.emit(change);
    this.#ask(() => this.sub.presence()).then((here) => {
      this.people.replace(here?.clients ?? {});
      this.emit("people");
    });
    setTimeout(() => this.flush()); // what was missed comes first: some of it may be ours
  }

  #greeted({ topic, roles, you }) {
    this.topic = typeof topic === "string" ? topic : "";
    this.roles = new Map(Object.entries(roles ?? {}));
    if (you) {
      this.roles.set(you.user, you.role);
      this.chat.is(you);
    }
  }

  #heard(publication) {
    const { data, info, offset } = publication;
    const user = info?.user ?? "";
    if (offset) {
      this.#said(publication);
    } else if (data?.typing === true) {
      if (user && user !== this.me) this.typing.heard(user, nameOf(info));
    } else if (data?.notice) {
      notice(this, data);
    }
  }

  #said(publication) {
    const { offset } = publication;
    const message = messageOf(this, publication);
    message.at = Date.now();
    keepHeardAt(this.name, this.#epoch, offset, message.at);
    this.typing.ended(message.user);
    const hadNothingUnread = this.unread === 0;
    const before = readOf(this.name);
    this.#top = Math.max(this.#top, offset);
    this.#place(message);
    if (message.own || this.#attended) this.read(offset);
    else if (hadNothingUnread && this.unread > 0) this.line = before;
    this.emit("timeline");
    this.emit("unread");
  }

  /** Puts a message into the timeline; one that waited here is that message from now on. */
  #place(message, where) {
    const waiting = message.own && message.id && this.outbox.find(message.id);
    if (waiting) this.outbox.remove(waiting);
    this.timeline.add(waiting ? Object.assign(waiting, message, { reason: undefined }) : message, where);
  }

  /** Entering it for the first time, or coming back to it. */
  open() {
    if (this.#wasOpened) return;
    this.#wasOpened = true;
    if (this.state === "in") this.#load({ reverse: true });
  }

  async loadOlder() {
    if (this.timeline.isFull) {
      this.timeline.complete = true; // what is older would have to go at once
      this.emit("timeline");
    }
    if (this.timeline.complete || this.isLoading || this.state !== "in") return;
    const oldest = this.timeline.oldest(this.#epoch);
    await this.#load({ reverse: true, since: oldest && { epoch: this.#epoch, offset: oldest } });
  }

  async #load(options) {
    this.isLoading = true;
    this.emit("timeline");
    const past = await this.#ask(() => this.sub.history({ limit: options.reverse ? PAGE : MOST, ...options }));
    this.isLoading = false;
    if (past?.epoch === this.#epoch) this.#remember(past.publications, options);
    if (!past && this.state === "in") this.timeline.complete = true; // not for us
    this.emit("timeline");
  }

  /** What was removed while we were away is not among what is kept any more. */
  async #compare() {
    const past = await this.#ask(() => this.sub.history({ limit: MOST, reverse: true }));
    if (past?.epoch !== this.#epoch) return;
    this.timeline.compare(past);
    this.emit("timeline");
  }

  #remember(publications, { reverse, since }) {
    const inOrder = reverse ? publications.toReversed() : publications;
    for (const publication of inOrder) {
      const at = heardAt(this.name, this.#epoch, publication.offset);
      this.#place({ ...messageOf(this, publication), at, past: true }, { older: reverse && !!since });
    }
    const oldest = this.timeline.oldest(this.#epoch) ?? 1;
    if (reverse && (publications.length === 0 || oldest === 1)) this.timeline.complete = true;
  }

  #ask(request) {
    return patiently(request, () => this.state === "in");
  }

  say(text) {
    this.typing.said();
    this.line = undefined;
    this.outbox.add(text);
    this.flush();
  }

  flush() {
    return this.outbox.flush(
      (data) => this.sub.publish(data),
      () => this.state === "in",
      (item) => setTimeout(() => this.#settle(item), CONFIRMED_WITHIN_MS),
    );
  }

  /** The server took it, but had said it before we came back, where we cannot hear it any more. */
  #settle(item) {
    if (item.offset || this.outbox.find(item.id) !== item) return;
    this.outbox.remove(item);
    Object.assign(item, { user: this.me, name: plain(this.chat.me.name) });
    this.timeline.add(item);
    this.emit("timeline");
  }

  type() {
    if (this.state === "in") this.typing.tell(() => this.sub.publish({ typing: true }));
  }

  comeBack() {
    this.sub.subscribe();
  }

  close() {
    this.typing.clear();
    this.chat.client.removeSubscription(this.sub);
  }
}
