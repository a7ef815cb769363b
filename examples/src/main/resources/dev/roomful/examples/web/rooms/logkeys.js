import { find } from "./dom.js";
import { openMenu } from "./menu.js";
import { messageActions } from "./moderation.js";

/** What one can do in the log by key and by click: go from message to message, and act on one. */
export function logKeys(currentRoom, write) {
  const log = find("#log");
  const menu = (button) => {
    const { message } = button.closest("article");
    openMenu(button, "Message", messageActions(currentRoom(), message, write));
  };

  log.addEventListener("click", ({ target }) => {
    const { message } = target.closest("article") ?? {};
    const room = currentRoom();
    const { outbox } = room;
    if (target.matches(".more")) menu(target);
    if (target.matches("[data-retry]")) outbox.retry(message), room.flush();
    if (target.matches("[data-discard]")) outbox.remove(message);
    if (target.matches("[data-retry], [data-discard]")) find("#text").focus();
  });

  log.addEventListener("keydown", (event) => {
    const at = event.target.closest("article");
    const to = { ArrowUp: at ? before(at) : lastSeen(log), ArrowDown: at && after(at) }[event.key];
    if (to) {
      event.preventDefault();
      to.focus();
    } else if (event.key === "Enter" && event.target === at) {
      const more = find(".more", at);
      if (more) event.preventDefault(), menu(more);
    } else if (event.key === "Escape" && at) {
      find("#text").focus();
    }
  });
}

const before = (article) => nextArticle(article, "previousElementSibling");
const after = (article) => nextArticle(article, "nextElementSibling");

function nextArticle(article, direction) {
  let at = article[direction];
  while (at && at.tagName !== "ARTICLE") at = at[direction];
  return at;
}

/** The last message that is on the screen. */
function lastSeen(log) {
  const { bottom } = log.getBoundingClientRect();
  return [...log.querySelectorAll("article")].findLast((each) => each.getBoundingClientRect().top < bottom);
}
