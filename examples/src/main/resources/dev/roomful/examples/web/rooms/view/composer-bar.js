// @ts-check
import { find } from "../../lib/dom.js";

/** Says above the message field what the text is for, if it is not for a new message. */
export class ComposerBar {
  #bar = find("#composer-bar");
  #label = find("span", HTMLElement, this.#bar);

  /** @param {() => void} onCancel called when the user wants to write a new message instead */
  constructor(onCancel) {
    find("button", HTMLElement, this.#bar).addEventListener("click", onCancel);
  }

  /** @param {...(Node | string)} label */
  show(...label) {
    this.#label.replaceChildren(...label);
    this.#bar.hidden = false;
  }

  hide() {
    this.#bar.hidden = true;
  }
}
