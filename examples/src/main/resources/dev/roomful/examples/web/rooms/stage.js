import { find } from "./dom.js";

/** What the page is in: the way in is shown in "welcome", the chat in all others. */
export function enterState(state) {
  document.body.dataset.state = state;
  find("#welcome").hidden = state !== "welcome";
  find("#app").hidden = state === "welcome";
}
