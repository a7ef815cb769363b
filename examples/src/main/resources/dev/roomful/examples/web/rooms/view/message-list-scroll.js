// @ts-check
import { find, setText } from "../../lib/dom.js";
import { EndFollower } from "../../lib/end-follower.js";
import { countOf } from "../../lib/phrases.js";

/** @typedef {import("../model/room.js").Room} Room */
/** @typedef {import("../model/typedefs.js").Position} Position */

/** @typedef {{ message: Element, top: number } | undefined} Anchor */

const NEAR_START_PX = 200;
const MARGIN_ABOVE_UNREAD_PX = 40;

/**
 * Keeps the scroll position when the list of messages changes, loads older messages near its start,
 * and tells the room whether the user sees its end.
 */
export class MessageListScroll {
  #list;
  #currentRoom;
  #newest = find("#newest");
  #end;
  #isLoadingOlder = false;
  #wasAtEnd = true;
  /** The marker to which the list has scrolled. @type {Position | undefined} */
  #visitedMarker;

  /**
   * @param {HTMLElement} list
   * @param {() => Room | undefined} currentRoom
   */
  constructor(list, currentRoom) {
    this.#list = list;
    this.#currentRoom = currentRoom;
    this.#end = new EndFollower(list, () => this.#scrolled());
    for (const event of ["focus", "blur"]) addEventListener(event, () => this.#updateViewed());
    document.addEventListener("visibilitychange", () => this.#updateViewed());
    this.#newest.addEventListener("click", () => {
      this.toEnd();
      find("#text").focus();
    });
  }

  /** The list will show another room, from its end. */
  roomChanged() {
    this.#end.follow();
  }

  toEnd() {
    this.#end.scrollToEnd();
    this.#updateViewed();
  }

  /**
   * Returns the message at the top of the visible part before the list changes.
   *
   * @returns {Anchor}
   */
  anchor() {
    if (this.#end.isAtEnd) return undefined;
    const { top } = this.#list.getBoundingClientRect();
    const messages = [...this.#list.children].filter(({ tagName }) => tagName === "ARTICLE");
    const message = messages.find((each) => each.getBoundingClientRect().bottom > top);
    return message && { message, top: message.getBoundingClientRect().top };
  }

  /**
   * Scrolls after the list has changed: to the end if the user was there, or so that the anchor stays
   * where it was.
   *
   * @param {Anchor} anchor
   * @param {HTMLElement} unreadMarker
   * @param {boolean} isNewRoom
   */
  updated(anchor, unreadMarker, isNewRoom) {
    if (isNewRoom || this.#end.isAtEnd) this.#end.scrollToEnd();
    else if (anchor?.message.isConnected) {
      this.#end.scrollBy(anchor.message.getBoundingClientRect().top - anchor.top);
    }
    if (unreadMarker.isConnected) this.#scrollToUnread(unreadMarker);
    this.#updateViewed();
    this.#loadOlderNearStart();
  }

  /**
   * Scrolls up to the first unread message, once for each marker.
   *
   * @param {HTMLElement} unreadMarker
   */
  #scrollToUnread(unreadMarker) {
    const position = this.#currentRoom()?.unreadMarker;
    if (this.#visitedMarker === position || !this.#end.isAtEnd) return;
    this.#visitedMarker = position;
    const distance = unreadMarker.getBoundingClientRect().top - this.#list.getBoundingClientRect().top;
    if (distance >= 0) return;
    this.#end.scrollBy(distance - MARGIN_ABOVE_UNREAD_PX);
  }

  #scrolled() {
    this.#updateViewed();
    this.#loadOlderNearStart();
  }

  /** Tells the room whether the user sees its end, and shows the button for new messages. */
  #updateViewed() {
    const room = this.#currentRoom();
    if (!room) return;
    const { isAtEnd } = this.#end;
    const isShown = room.state === "joined" && !room.history.isLoading && isAtEnd;
    room.setViewed(isShown && !document.hidden && document.hasFocus());
    if (isAtEnd && !this.#wasAtEnd) room.returnedToEnd();
    this.#wasAtEnd = isAtEnd;
    this.#newest.hidden = isAtEnd;
    const { unread } = room;
    setText(this.#newest, unread > 0 ? countOf(unread, "new message", "new messages") : "Newest messages");
  }

  async #loadOlderNearStart() {
    const room = this.#currentRoom();
    if (!room || this.#isLoadingOlder || this.#list.scrollTop > NEAR_START_PX) return;
    if (room.history.isLoading || room.timeline.isComplete) return;
    this.#isLoadingOlder = true;
    await room.history.loadOlder();
    this.#isLoadingOlder = false;
  }
}
