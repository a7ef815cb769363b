// @ts-check
import { find, setText } from "../../lib/dom.js";
import { errorText } from "../../lib/errors.js";
import { isBlank } from "../model/names.js";
import { browserStorage, onOtherTabChange } from "../../lib/storage.js";

/** @typedef {import("../model/chat-client.js").ChatClient} ChatClient */

/** Changes the display name and the colours of the page. */
export class SettingsDialog {
  #chat;
  #dialog = find("#settings", HTMLDialogElement);
  #form = find("#settings-form", HTMLFormElement);
  #name = find("[name=name]", HTMLInputElement, this.#form);
  #error = find(".error", HTMLElement, this.#form);

  /** @param {ChatClient} chat */
  constructor(chat) {
    this.#chat = chat;
    find("#self").addEventListener("click", () => this.#show());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    for (const choice of this.#themeChoices()) {
      // The colours change at once, so that the user sees them before "Save".
      choice.addEventListener("change", () => {
        browserStorage.set("theme", choice.value);
        applyTheme(choice.value);
      });
    }
    onOtherTabChange((key) => {
      if (key === "theme") applyTheme(browserStorage.get("theme"));
    });
  }

  #themeChoices() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (this.#form.querySelectorAll("[name=theme]"));
  }

  #show() {
    this.#name.value = this.#chat.self.name;
    const theme = browserStorage.get("theme", "system");
    for (const choice of this.#themeChoices()) choice.checked = choice.value === theme;
    this.#error.hidden = true;
    this.#dialog.showModal();
  }

  async #save() {
    const name = this.#name.value.trim();
    try {
      if (isBlank(name)) throw new Error("Please choose a name");
      if (name !== this.#chat.self.name) await this.#chat.rename(name);
      this.#dialog.close();
    } catch (error) {
      setText(this.#error, errorText(error));
      this.#error.hidden = false;
    }
  }
}

/** @param {unknown} theme "light" or "dark"; anything else is the system's */
function applyTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
