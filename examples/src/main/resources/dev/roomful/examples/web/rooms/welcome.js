import { find, say, sentence } from "./dom.js";
import { enterState } from "./stage.js";
import { local, session } from "./store.js";

const form = find("#enter");
const trouble = find("#enter-trouble");
const fields = form.elements;
let isTokenWanted = local.get("by token", false);

/** The way in: by a name, or by a token where the server asks for one. */
export function welcome(chat) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    trouble.hidden = true;
    if (isTokenWanted) {
      session.set("token", fields.token.value.trim());
      chat.enter({ token: fields.token.value.trim() });
    } else {
      local.set("name", fields.name.value.trim());
      chat.enter({ name: fields.name.value.trim() });
    }
  });
  chat.on("refused", ({ code, reason }) => {
    const wasTokenWanted = isTokenWanted;
    if (code === 101 || code === 109 || chat.hasToken) isTokenWanted = true;
    local.set("by token", isTokenWanted);
    session.remove("token");
    show();
    if (wasTokenWanted || !isTokenWanted) complain(reason);
  });
  chat.on("state", () => {
    const isBusy = chat.state === "connecting";
    find("[type=submit]", form).disabled = isBusy;
    say(find("[type=submit]", form), isBusy ? "Connecting…" : "Enter");
    if (chat.state === "connected" && !chat.hasToken) local.set("by token", false);
  });
}

/** Comes in at once if somebody was here before; otherwise asks. */
export function come(chat, token = session.get("token")) {
  const name = local.get("name");
  if (token) {
    session.set("token", token);
    chat.enter({ token });
  } else if (typeof name === "string" && name && !isTokenWanted) {
    chat.enter({ name });
  } else {
    show();
  }
}

function show() {
  enterState("welcome");
  find("#by-name").hidden = fields.name.disabled = isTokenWanted;
  find("#by-token").hidden = !isTokenWanted;
  fields.token.disabled = !isTokenWanted;
  fields.name.value = local.get("name", "");
  const hint = isTokenWanted
    ? "This chat is for people who were given a token. Paste yours here."
    : "Pick a name that others will see. You can change it at any time.";
  say(find("#enter-hint"), hint);
  (isTokenWanted ? fields.token : fields.name).focus();
}

function complain(reason) {
  say(trouble, sentence(reason || "The server did not let you in"));
  trouble.hidden = false;
}
