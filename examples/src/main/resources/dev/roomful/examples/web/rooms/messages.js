import { nameOf } from "./people.js";

/** A publication as a message; what is not of this page's form is shown as it came. */
export function messageOf(room, { data, info, offset }) {
  const isOurs = typeof data?.text === "string";
  return {
    kind: "message",
    epoch: room.epoch,
    offset,
    id: isOurs && typeof data.id === "string" ? data.id : undefined,
    user: info?.user ?? "",
    name: nameOf(info),
    text: isOurs ? data.text : JSON.stringify(data),
    isForeign: !isOurs,
    own: info?.user === room.me,
    state: "sent",
  };
}
