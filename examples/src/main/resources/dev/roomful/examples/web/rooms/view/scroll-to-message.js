// @ts-check
import { find } from "../../lib/dom.js";
import { messageOf } from "./message-view.js";

/** @typedef {import("../model/typedefs.js").Message} Message */

/**
 * Scrolls a message of the list into view.
 *
 * @param {Message} message
 * @returns {HTMLElement | undefined} its element, if the list shows it
 */
export function scrollToMessage(message) {
  const articles = [...find("#messages").querySelectorAll("article")];
  const article = articles.find((each) => messageOf(each) === message);
  article?.scrollIntoView({ block: "center" });
  return article;
}
