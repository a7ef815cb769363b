// @ts-check
import { find, setText } from "../../lib/dom.js";
import { toSentence } from "../../lib/phrases.js";
import { browserStorage, tabStorage } from "../../lib/storage.js";
import { isBlank } from "../model/names.js";
import { setPageState } from "./page-state.js";

/** @typedef {import("../model/chat-client.js").ChatClient} ChatClient */

/** Codes with which the server asks for a valid token. */
const UNAUTHORIZED = 101;
const TOKEN_EXPIRED = 109;

/** The form by which a user connects: with a name, or with a token if the server requires one. */
export class SignIn {
  #chat;
  #form = find("#sign-in-form", HTMLFormElement);
  #name = find("[name=name]", HTMLInputElement, this.#form);
  #token = find("[name=token]", HTMLInputElement, this.#form);
  #submit = find("[type=submit]", HTMLButtonElement, this.#form);
  #error = find("#sign-in-error");
  /** Whether the server accepts only clients with tokens: it says so in the page. */
  #needsToken = document.body.dataset.token === "required";

  /** @param {ChatClient} chat */
  constructor(chat) {
    this.#chat = chat;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#connect();
    });
    chat.on("rejected", ({ code, reason }) => this.#rejected(code, reason));
    chat.on("state", () => this.#update());
  }

  /**
   * Connects at once if there is a token or this user has connected before; otherwise shows the form.
   *
   * @param {string} [token]
   */
  start(token = tabStorage.get("token")) {
    const name = browserStorage.get("name");
    if (token) {
      tabStorage.set("token", token);
      this.#chat.connect({ token });
    } else if (typeof name === "string" && !isBlank(name) && !this.#needsToken) {
      this.#chat.connect({ name });
    } else {
      this.#show();
    }
  }

  #connect() {
    this.#error.hidden = true;
    const field = this.#needsToken ? this.#token : this.#name;
    if (isBlank(field.value)) {
      this.#showError(this.#needsToken ? "Please paste your token" : "Please choose a name");
      field.focus();
    } else if (this.#needsToken) {
      const token = this.#token.value.trim();
      tabStorage.set("token", token);
      this.#chat.connect({ token });
    } else {
      const name = this.#name.value.trim();
      browserStorage.set("name", name);
      this.#chat.connect({ name });
    }
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #rejected(code, reason) {
    const neededToken = this.#needsToken;
    if (code === UNAUTHORIZED || code === TOKEN_EXPIRED || this.#chat.hasToken) this.#needsToken = true;
    tabStorage.remove("token");
    this.#show();
    if (neededToken || !this.#needsToken) this.#showError(reason);
  }

  #update() {
    const isConnecting = this.#chat.state === "connecting";
    this.#submit.disabled = isConnecting;
    setText(this.#submit, isConnecting ? "Connecting…" : "Enter");
  }

  #show() {
    setPageState("sign-in");
    find("#by-name").hidden = this.#name.disabled = this.#needsToken;
    find("#by-token").hidden = this.#token.disabled = !this.#needsToken;
    this.#name.value = browserStorage.get("name", "");
    const hint = this.#needsToken
      ? "This chat requires a token. Paste yours here."
      : "Choose a name that others will see. You can change it at any time.";
    setText(find("#sign-in-hint"), hint);
    (this.#needsToken ? this.#token : this.#name).focus();
  }

  /** @param {string} reason */
  #showError(reason) {
    setText(this.#error, toSentence(reason || "The server rejected the connection"));
    this.#error.hidden = false;
  }
}
