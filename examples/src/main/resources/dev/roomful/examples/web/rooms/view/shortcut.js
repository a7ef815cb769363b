// @ts-check
import { isSignInShown } from "./page-state.js";

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/** The name of the key that is pressed with another one in a shortcut. */
export const SHORTCUT_KEY = isMac ? "⌘" : "Ctrl";

/**
 * Calls an action when the user presses a key together with Ctrl or ⌘. Has no effect while a dialog
 * or the sign-in form is shown.
 *
 * @param {string} key
 * @param {() => void} act
 * @param {boolean} [withShift] undefined if it depends on the keyboard whether the key needs Shift
 */
export function onShortcut(key, act, withShift) {
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== key || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (withShift !== undefined && event.shiftKey !== withShift) return;
    event.preventDefault();
    if (!isSignInShown() && !document.querySelector("dialog[open]")) act();
  });
}
