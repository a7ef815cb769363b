// @ts-check
import { plainText } from "./names.js";
import { parsePosition } from "./position.js";

/** @typedef {import("./room.js").Room} Room */

/**
 * Applies a notice that the server sent to a room. Unknown notices have no effect.
 *
 * @param {Room} room
 * @param {any} data the notice
 */
export function applyNotice(room, data) {
  const apply = Object.hasOwn(NOTICES, data.notice) ? NOTICES[data.notice] : undefined;
  if (!apply) return;
  apply(room, data);
  room.emit("state");
  room.emit("timeline");
}

/** By the name that the server gives them. @type {Record<string, (room: Room, data: any) => void>} */
const NOTICES = {
  topic(room, { topic }) {
    room.topic = String(topic ?? "");
    room.timeline.addEvent({ type: "topic", topic: room.topic });
  },

  /** A message was deleted that the room does not store any more, so that there is no amendment. */
  deleted(room, { position }) {
    const message = room.timeline.find(parsePosition(position) ?? {});
    if (message) Object.assign(message, { text: "", isRemoved: true, reactions: new Map() });
  },

  /** A moderator removed a user from the room. */
  expelled(room, { user, name, reason }) {
    room.joinsAndLeaves.removed(user);
    room.timeline.addEvent({ type: "removed", name: plainText(name), reason: String(reason ?? "") });
  },

  /** A user has another display name. */
  changed(room, { user, name: newName }) {
    const name = plainText(newName);
    const before = room.presence.nameOf(user) ?? (room.direct?.user === user ? room.direct?.name : undefined);
    room.presence.rename(user, name);
    if (user === room.self) room.chat.setSelf({ user, name });
    else room.chat.rooms.setDirectName(user, name);
    if (before !== undefined && before !== name) room.timeline.addEvent({ type: "renamed", before, name });
    room.emit("presence");
  },

  role(room, { user, name, role }) {
    const before = room.roles.get(user) ?? "member";
    // The creator of a room becomes its owner, which needs no note.
    const isFirstOwner = role === "owner" && ![...room.roles.values()].includes("owner");
    room.roles.set(user, role);
    if (before !== role && !isFirstOwner) {
      const shown = plainText(name ?? room.presence.nameOf(user) ?? user);
      room.timeline.addEvent({ type: "role", name: shown, role, before });
    }
    room.emit("presence");
  },
};
