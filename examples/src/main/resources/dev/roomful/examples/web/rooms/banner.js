import { find, say, sentence } from "./dom.js";

const banner = find("#banner");
const retry = find("#retry");

/** Says how it stands with the connection, as long as it does not stand. */
export function connectionBanner(chat) {
  retry.addEventListener("click", () => chat.reconnect());
  chat.on("state", () => {
    const { state, wasConnected, reason } = chat;
    const words = {
      connecting: wasConnected ? "Reconnecting… What you write is kept and sent later." : "Connecting…",
      closed: `The chat is closed${reason ? `: ${reason}` : ""}`,
    }[state];
    banner.hidden = !words;
    banner.dataset.state = state;
    say(find("#status"), words ? (state === "closed" ? sentence(words) : words) : "");
    retry.hidden = !words || !wasConnected;
    say(retry, state === "closed" ? "Connect again" : "Try now");
  });
}
