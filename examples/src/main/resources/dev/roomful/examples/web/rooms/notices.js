import { plain } from "./people.js";

/** What the server tells a room beside what people say. */
export function notice(room, data) {
  const told = TOLD[data.notice];
  if (!told) return;
  told(room, data);
  room.emit("state");
  room.emit("timeline");
}

const TOLD = {
  topic(room, { topic }) {
    room.topic = String(topic ?? "");
    room.timeline.note("topic", { topic: room.topic });
  },

  removed(room, { offset }) {
    room.timeline.removed(room.epoch, offset);
  },

  expelled(room, { user, name, reason }) {
    room.moves.expelled(user);
    room.timeline.note("expelled", { name: plain(name), reason: String(reason ?? "") });
  },

  changed(room, { user, name: now }) {
    const name = plain(now);
    const before = room.people.name(user) ?? (room.direct?.user === user ? room.direct.name : undefined);
    room.people.rename(user, name);
    if (user === room.me) room.chat.is({ user, name });
    else room.chat.renamed(user, name);
    if (before !== undefined && before !== name) room.timeline.note("renamed", { before, name });
    room.emit("people");
  },

  role(room, { user, name, role }) {
    const before = room.roles.get(user) ?? "member";
    const isFirst = role === "owner" && ![...room.roles.values()].includes("owner"); // goes without saying
    room.roles.set(user, role);
    if (before !== role && !isFirst) {
      room.timeline.note("role", { name: plain(name ?? room.people.name(user) ?? user), role, before });
    }
    room.emit("people");
  },
};
