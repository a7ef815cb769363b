import { local, session } from "./store.js";

// How far a room was read, by all tabs, as epoch and offset.

export const READ = "read:";

export function readOf(room) {
  const read = local.get(READ + room);
  return typeof read?.epoch === "string" && Number.isSafeInteger(read.offset) ? read : undefined;
}

export function keepRead(room, epoch, offset) {
  const read = readOf(room);
  if (read?.epoch !== epoch || read.offset < offset) local.set(READ + room, { epoch, offset });
}

// When this tab first heard a message, since messages themselves do not say.

const times = new Map();
const changed = new Set();

function timesOf(room, epoch) {
  let kept = times.get(room) ?? session.get("times:" + room);
  if (kept?.epoch !== epoch) kept = { epoch, at: {} };
  times.set(room, kept);
  return kept;
}

export function heardAt(room, epoch, offset) {
  return timesOf(room, epoch).at[offset];
}

export function keepHeardAt(room, epoch, offset, at) {
  timesOf(room, epoch).at[offset] ??= at;
  changed.add(room);
}

addEventListener("pagehide", () => {
  for (const room of changed) {
    const { epoch, at } = times.get(room);
    const last = Object.entries(at).slice(-150); // the keys are numbers, hence in order
    session.set("times:" + room, { epoch, at: Object.fromEntries(last) });
  }
  changed.clear();
});
