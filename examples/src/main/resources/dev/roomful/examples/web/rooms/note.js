import { el, listed, words } from "./dom.js";

/** What happened, in small type between the messages. */
export function noteElement(note) {
  return el("p", { class: note.type === "gap" ? "note gap" : "note" });
}

export function paintNote(element, note) {
  if (element.looks === note.changed && element.hasChildNodes()) return;
  element.looks = note.changed;
  element.replaceChildren(...NOTES[note.type](note));
}

const name = (text) => words(text, "name");

const NOTES = {
  gap: () => ["Some messages may be missing here"],
  topic: ({ topic }) => (topic ? ["The topic is now “", words(topic), "”"] : ["The topic was taken away"]),
  renamed: ({ before, name: now }) => [name(before), " is now called ", name(now)],
  expelled: ({ name: who, reason }) => [name(who), " was removed from the room", ...(reason ? [": ", words(reason)] : [])],
  role: ({ name: who, role, before }) => [name(who), roleWords(role, before)],
  moves: ({ moves }) => sentences([...moves.values()]),
};

function roleWords(role, before) {
  if (role === "owner") return " owns the room now";
  if (role === "moderator") return " is a moderator now";
  return before === "owner" ? " does not own the room any more" : " is no moderator any more";
}

function sentences(moves) {
  const came = moves.filter(({ here, went }) => here && !went);
  const returned = moves.filter(({ here, went }) => here && went);
  const went = moves.filter(({ here, came }) => !here && !came);
  const visited = moves.filter(({ here, came }) => !here && came);
  const parts = [
    [came, " came"],
    [returned, " came back"],
    [went, " left"],
    [visited, " came and left"],
  ].filter(([all]) => all.length > 0);
  return parts.flatMap(([all, verb], i) => [...(i ? [" · "] : []), ...names(all), verb]);
}

/** Ann, Bob and 3 others */
function names(all) {
  const shown = all.length > 4 ? all.slice(0, 3) : all;
  const rest = all.length - shown.length;
  return listed([...shown.map((each) => name(each.name)), ...(rest > 0 ? [`${rest} others`] : [])]);
}
