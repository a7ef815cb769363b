import { avatar, hue } from "./avatar.js";
import { el, words } from "./dom.js";
import { isOnlyEmoji, textNodes } from "./text.js";

const LONG = 1_200;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A message's element. It is painted again only when something about it has changed. */
export function messageElement(message, user) {
  const article = el("article", { class: "message", tabindex: "-1" });
  article.message = message;
  article.style.setProperty("--hue", hue(user));
  return article;
}

export function paint(article, message, { user, name, again, canAct, isLate }) {
  const { state, reason, removed, offset } = message;
  const looks = [state, reason, removed, offset, again, canAct, isLate, name].join("|");
  if (article.looks === looks) return;
  article.looks = looks;
  article.dataset.state = state;
  if (offset) article.dataset.offset = offset;
  else delete article.dataset.offset;
  article.classList.toggle("again", again);
  article.classList.toggle("late", isLate);
  const keptButton = article.querySelector("[data-more]");
  article.replaceChildren(
    again ? el("span", { class: "gutter", "aria-hidden": "true" }, time(message, short) ?? "") : avatar(user, name),
    el(
      "div",
      { class: "body" },
      el("p", { class: "who" }, words(name, "name"), again ? undefined : time(message), el("span", { class: "hidden" }, ": ")),
      content(message),
      isLate && el("p", { class: "fate" }, "Waiting to be sent"),
      state === "failed" && failure(message),
    ),
  );
  if (canAct) article.append(keptButton ?? moreButton());
}

function moreButton() {
  const label = { "aria-label": "More about this message", "aria-haspopup": "menu", "aria-expanded": "false" };
  return el("button", { type: "button", class: "more", "data-more": true, tabindex: "-1", ...label }, "⋯");
}

/** In the margin there is no place for more than the digits. */
function short(date) {
  const parts = clock.formatToParts(date).filter(({ type }) => type !== "dayPeriod");
  return parts.map(({ value }) => value).join("").trim();
}

function time({ at }, words = (date) => clock.format(date)) {
  if (at === undefined) return undefined;
  const date = new Date(at);
  return el("time", { datetime: date.toISOString(), title: whole.format(date) }, words(date));
}

function content(message) {
  const { text, isForeign, removed } = message;
  if (removed) return el("p", { class: "what removed" }, "removed");
  const look = isForeign ? " foreign" : isOnlyEmoji(text) ? " emoji" : "";
  const what = el("p", { class: "what" + look, dir: "auto" }, ...textNodes(text));
  if (text.length < LONG || message.isUnfolded) return what;
  what.classList.add("folded");
  const unfold = () => {
    message.isUnfolded = true;
    what.classList.remove("folded");
    more.remove();
  };
  const more = el("button", { type: "button", class: "small", onclick: unfold }, "Show all of it");
  return el("div", {}, what, more);
}

function failure({ reason }) {
  return el(
    "p",
    { class: "fate failed" },
    el("span", {}, `Not sent: ${reason || "the server did not take it"}`),
    el("button", { type: "button", class: "small", "data-retry": true }, "Try again"),
    el("button", { type: "button", class: "small", "data-discard": true }, "Discard"),
  );
}
