// @ts-check
import { find, setText } from "../../lib/dom.js";
import { errorText } from "../../lib/errors.js";

/**
 * @typedef {object} Prompt
 * @property {string} title
 * @property {string} hint
 * @property {string} label of the text field
 * @property {string} [value] of the text field
 * @property {string} action the label of the button
 * @property {(text: string) => Promise<unknown>} act called with the text; the dialog shows its error
 */

const dialog = find("#prompt", HTMLDialogElement);
const form = find("#prompt-form", HTMLFormElement);
const field = find("input", HTMLInputElement, form);
const error = find(".error", HTMLElement, form);
/** @type {Prompt["act"] | undefined} */
let currentAct;

/**
 * Asks the user for a text, and does something with it.
 *
 * @param {Prompt} prompt
 */
export function showPrompt({ title, hint, label, value = "", action, act }) {
  currentAct = act;
  setText(find("h2", HTMLElement, form), title);
  setText(find(".hint", HTMLElement, form), hint);
  setText(find(".field span", HTMLElement, form), label);
  setText(find("[type=submit]", HTMLElement, form), action);
  error.hidden = true;
  field.value = value;
  dialog.showModal();
  field.select();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await currentAct?.(field.value.trim());
    dialog.close();
  } catch (failure) {
    setText(error, errorText(failure));
    error.hidden = false;
  }
});
