// @ts-check
import { element, userText } from "../../lib/dom.js";
import { excerpt } from "../model/excerpt.js";

/** @typedef {import("../model/typedefs.js").Message} Message */

/**
 * What is shown of the message that another one replies to.
 *
 * @typedef {object} Quoted
 * @property {string} [name] the sender's display name, if the message is loaded
 * @property {string} text the beginning of its text
 */

/**
 * Returns what a reply shows of the message that it replies to.
 *
 * @param {Message | undefined} message undefined if it is not loaded
 * @returns {Quoted}
 */
export function quoted(message) {
  if (!message) return { text: "a message that is not loaded" };
  if (message.isRemoved) return { text: "a message that was removed" };
  return { name: message.name, text: excerpt(message.text) };
}

/**
 * Returns the line above a reply. A click on it leads to the other message.
 *
 * @param {Quoted} quoted
 */
export function quotedLine({ name, text }) {
  const label = element("span", { class: "visually-hidden" }, "In reply to ");
  if (name === undefined) return element("p", { class: "quoted" }, label, text);
  const properties = { type: "button", class: "quoted", title: "Show this message" };
  return element("button", properties, label, userText(name, "name"), ": ", userText(text));
}
