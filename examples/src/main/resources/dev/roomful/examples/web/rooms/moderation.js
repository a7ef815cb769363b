import { attempt, tell } from "./dom.js";
import { ask } from "./ask.js";

const MUTE_SECONDS = 600;
const BAN_SECONDS = 3_600;

/** What somebody in charge may do with somebody else; the server has the last word. */
export function personActions(room, user, name) {
  if (!room.isInCharge) return [];
  const of = { room: room.name, user };
  const call = (method, data) => room.chat.call(method, { ...of, ...data });
  const role = room.roles.get(user) ?? "member";
  const appoint = (to, said) => attempt(async () => (await call("appoint", { role: to }), tell(said)));
  return [
    room.muted.has(user)
      ? { label: "Let them speak again", act: () => attempt(() => unmute(room, user, name, call)) }
      : { label: "Mute for 10 minutes…", act: () => mute(room, user, name, call) },
    { label: "Remove from the room…", act: () => remove(room, name, call), isDangerous: true },
    { label: "Ban for an hour…", act: () => ban(room, name, call), isDangerous: true },
    room.role === "owner" &&
      (role === "member"
        ? { label: "Make a moderator", act: () => appoint("moderator", `${name} is a moderator now.`) }
        : { label: "Take back the role", act: () => appoint("member", `${name} is no moderator any more.`) }),
  ];
}

function mute(room, user, name, call) {
  ask({
    title: `Mute ${name} for 10 minutes`,
    hint: "They can read what others say, and say nothing themselves.",
    label: "Why? They will see it",
    action: "Mute",
    act: async (reason) => {
      await call("mute", { seconds: MUTE_SECONDS, reason });
      room.muted.add(user);
      setTimeout(() => room.muted.delete(user), MUTE_SECONDS * 1_000);
      tell(`${name} is muted for 10 minutes.`);
    },
  });
}

async function unmute(room, user, name, call) {
  await call("unmute", {});
  room.muted.delete(user);
  tell(`${name} can speak again.`);
}

function remove(room, name, call) {
  ask({
    title: `Remove ${name} from ${room.title}`,
    hint: "They can come back in at once.",
    label: "Why? Everybody here will see it",
    action: "Remove",
    act: (reason) => call("kick", { reason }),
  });
}

function ban(room, name, call) {
  ask({
    title: `Ban ${name} from ${room.title} for an hour`,
    hint: "They are removed, and cannot come back in until then.",
    label: "Why? Everybody here will see it",
    action: "Ban",
    act: (reason) => call("ban", { seconds: BAN_SECONDS, reason }),
  });
}

/** What one may do with a message. */
export function messageActions(room, message, write) {
  const { text, user, name, epoch, offset } = message;
  const remove = () => room.chat.call("remove", { room: room.name, epoch, offset });
  const copy = () => navigator.clipboard.writeText(text);
  return [
    navigator.clipboard && { label: "Copy the text", act: () => attempt(copy) },
    user && user !== room.me && !room.direct && { label: `Write to ${name} directly`, act: () => write(user, name) },
    room.isInCharge && offset && { label: "Remove this message", act: () => attempt(remove), isDangerous: true },
  ];
}
