// @ts-check
import { find } from "../../lib/dom.js";
import { errorText } from "../../lib/errors.js";

const SHOWN_MS = 5_000;

const toast = find("#toast");
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Shows a text for a few seconds.
 *
 * @param {string} text
 */
export function showToast(text) {
  clearTimeout(timer);
  toast.textContent = text;
  toast.classList.add("shown");
  timer = setTimeout(() => toast.classList.remove("shown"), SHOWN_MS);
}

/**
 * Runs an action, and shows a toast if it fails.
 *
 * @param {() => Promise<unknown>} action
 */
export async function runOrShowError(action) {
  try {
    await action();
  } catch (error) {
    showToast(errorText(error));
  }
}
