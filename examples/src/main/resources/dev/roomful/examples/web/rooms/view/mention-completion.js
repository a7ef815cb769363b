// @ts-check
import { element, find, userText } from "../../lib/dom.js";
import { mentionQuery, suggestions } from "../model/mentions.js";
import { avatar } from "./avatar.js";

/** @typedef {import("../model/typedefs.js").Person} Person */

/**
 * Suggests the names of people after an "@" in the message field. The field remains a text box for
 * screen readers, because a combo box has one line; the selected name is its active descendant.
 */
export class MentionCompletion {
  #text;
  #people;
  #list = find("#mention-list");
  /** Those whom the list shows. @type {Person[]} */
  #suggested = [];
  #selected = 0;
  /** Where the "@" is whose suggestions the user has closed, or has chosen from. */
  #closedAt = -1;

  /**
   * @param {HTMLTextAreaElement} text the message field
   * @param {() => Person[]} people who can be mentioned
   */
  constructor(text, people) {
    this.#text = text;
    this.#people = people;
    text.addEventListener("input", () => this.#update());
    text.addEventListener("click", () => this.#update());
    text.addEventListener("blur", () => this.close());
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  }

  get #query() {
    return mentionQuery(this.#text.value, this.#text.selectionStart);
  }

  #update() {
    const query = this.#query;
    if (query?.start !== this.#closedAt) this.#closedAt = -1;
    const isOpen = query && this.#closedAt < 0;
    this.#show(isOpen ? suggestions(this.#people(), query.name) : []);
  }

  close() {
    this.#show([]);
  }

  /** @param {Person[]} people */
  #show(people) {
    this.#suggested = people;
    this.#list.replaceChildren(...people.map((person, i) => this.#option(person, i)));
    this.#list.hidden = people.length === 0;
    if (people.length > 0) this.#select(0);
    else for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) this.#text.removeAttribute(name);
  }

  /**
   * @param {Person} person
   * @param {number} index
   */
  #option({ user, name }, index) {
    const choose = () => this.#choose(index);
    const properties = { role: "option", id: `mention-${index}`, "aria-selected": "false", onclick: choose };
    return element("li", properties, avatar(user, name), userText(name, "name"));
  }

  /** @param {number} index */
  #select(index) {
    this.#selected = index;
    [...this.#list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    this.#list.children[index].scrollIntoView({ block: "nearest" });
    this.#text.setAttribute("aria-autocomplete", "list");
    this.#text.setAttribute("aria-controls", this.#list.id);
    this.#text.setAttribute("aria-activedescendant", `mention-${index}`);
  }

  /** @param {number} index */
  #choose(index) {
    const query = this.#query;
    const { name } = this.#suggested[index];
    this.#dismiss();
    if (!query) return;
    this.#text.setRangeText(`@${name} `, query.start, this.#text.selectionStart, "end");
    this.#text.dispatchEvent(new Event("input"));
  }

  /**
   * Handles a key while there are suggestions.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was for the suggestions
   */
  handleKey(event) {
    const count = this.#suggested.length;
    if (count === 0 || event.isComposing) return false;
    if (event.key === "ArrowDown") this.#select((this.#selected + 1) % count);
    else if (event.key === "ArrowUp") this.#select((this.#selected - 1 + count) % count);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.#choose(this.#selected);
    else if (event.key === "Escape") this.#dismiss();
    else return false;
    event.preventDefault();
    return true;
  }

  #dismiss() {
    this.#closedAt = this.#query?.start ?? -1;
    this.close();
  }
}
