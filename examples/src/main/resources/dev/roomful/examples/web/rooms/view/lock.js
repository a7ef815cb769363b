// @ts-check
import { element } from "../../lib/dom.js";

/** Creates the sign of a private room, where public rooms have a "#". */
export function lock() {
  return element("span", { class: "hash lock", "aria-hidden": "true" });
}
