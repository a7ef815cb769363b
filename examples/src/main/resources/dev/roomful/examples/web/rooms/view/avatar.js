// @ts-check
import { element } from "../../lib/dom.js";
import { hueOf, initials } from "../model/names.js";

/**
 * Creates the circle with a user's initials in the user's colour.
 *
 * @param {string} user
 * @param {string} name
 */
export function avatar(user, name) {
  const circle = element("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  circle.style.setProperty("--hue", String(hueOf(user)));
  return circle;
}
