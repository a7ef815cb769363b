import { find, reasonOf, say } from "./dom.js";
import { local, onOtherTab } from "./store.js";

const dialog = find("#settings");
const form = find("#settings-form");
const trouble = find(".trouble", dialog);

/** One's own name, and the colours. */
export function settings(chat) {
  find("#self").addEventListener("click", () => {
    form.elements.name.value = chat.me.name;
    form.elements.theme.value = local.get("theme", "system");
    trouble.hidden = true;
    dialog.showModal();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = form.elements.name.value.trim();
    try {
      if (name && name !== chat.me.name) await chat.rename(name);
      dialog.close();
    } catch (error) {
      say(trouble, reasonOf(error));
      trouble.hidden = false;
    }
  });
}

// Colours are to be seen while one chooses, so they do not wait for "Save".
form.addEventListener("change", ({ target }) => {
  if (target.name !== "theme") return;
  local.set("theme", target.value);
  colour(target.value);
});
onOtherTab((key) => key === "theme" && colour(local.get("theme")));

function colour(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
