import { find, reasonOf, say } from "./dom.js";

const dialog = find("#ask");
const form = find("#ask-form");
const trouble = find(".trouble", dialog);
let wanted;

/** Asks for a few words, and does something with them; what goes wrong is said in the dialog. */
export function ask({ title, hint, label, value = "", action, act }) {
  wanted = act;
  say(find("h2", dialog), title);
  say(find(".hint", dialog), hint);
  say(find(".field span", dialog), label);
  say(find("[type=submit]", dialog), action);
  trouble.hidden = true;
  form.elements.words.value = value;
  dialog.showModal();
  form.elements.words.select();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await wanted(form.elements.words.value.trim());
    dialog.close();
  } catch (error) {
    say(trouble, reasonOf(error));
    trouble.hidden = false;
  }
});
