// @ts-check
import { find } from "../../lib/dom.js";
import { onShortcut, SHORTCUT_KEY } from "./shortcut.js";

const dialog = find("#shortcuts", HTMLDialogElement);

for (const key of document.querySelectorAll("kbd")) key.textContent = key.textContent.replace("Ctrl", SHORTCUT_KEY);
onShortcut("/", showShortcuts);

/** Lists the shortcuts of the keyboard. */
export function showShortcuts() {
  dialog.showModal();
}
