import { attempt, find, say, tell } from "./dom.js";
import { ask } from "./ask.js";
import { openMenu } from "./menu.js";

/** The head of the room that is shown: its name, its topic, what one can do with it. */
export class Head {
  constructor(chat, leave) {
    this.chat = chat;
    this.leave = leave;
    find("#room-menu").addEventListener("click", ({ currentTarget }) => this.#menu(currentTarget));
  }

  show(room) {
    this.room = room;
    this.paint();
  }

  paint() {
    const { room } = this;
    if (!room) return;
    const { direct, people, topic, title } = room;
    say(find("#title"), title);
    find("#title").classList.toggle("is-room", !direct);
    const presence = people.has(direct?.user) ? "is here" : "is not here right now";
    say(find("#topic"), direct ? (room.state === "in" ? presence : "") : topic);
    find("#topic").title = direct ? "" : topic;
    say(find("#count"), String(people.count));
  }

  #menu(button) {
    const { room } = this;
    const { direct } = room;
    openMenu(button, "Room", [
      room.isInCharge && { label: "Change the topic", act: () => this.#changeTopic(room) },
      !direct && { label: "Copy a link to this room", act: () => this.#copyLink(room) },
      { label: direct ? "Close this conversation" : "Leave this room", act: () => this.leave(room), isDangerous: !direct },
    ]);
  }

  #copyLink({ name }) {
    const link = new URL(`#${new URLSearchParams({ room: name })}`, location.href).href;
    const copied = navigator.clipboard?.writeText(link) ?? Promise.reject(new Error("The browser does not let us copy."));
    attempt(() => copied.then(() => tell("The link is in your clipboard.")));
  }

  #changeTopic(room) {
    ask({
      title: `Topic of ${room.title}`,
      hint: "Everybody sees it at the top of the room. Leave it empty to take it away.",
      label: "Topic",
      value: room.topic,
      action: "Save",
      act: (topic) => this.chat.call("topic", { room: room.name, topic }),
    });
  }
}
