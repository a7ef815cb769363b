import { avatar, hue } from "./avatar.js";
import { el, find, words } from "./dom.js";
import { isOnlyEmoji, textNodes } from "./text.js";

const LONG = 1_200;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function messageElement(message, user) {
  const article = el("article", { class: "message", tabindex: "-1" });
  article.message = message;
  article.style.setProperty("--hue", hue(user));
  return article;
}

/** Touches only what has changed, lest a screen reader reads it out a second time. */
export function paint(article, message, { user, name, again, canAct, isLate }) {
  const { state, reason, removed, offset } = message;
  article.dataset.state = state;
  if (offset) article.dataset.offset = offset;
  else delete article.dataset.offset;
  article.classList.toggle("late", isLate);
  if (isNew(article, "words", [removed, again, name])) paintWords(article, message, { user, name, again });
  if (isNew(article, "fate", [state, reason, isLate, article.words])) {
    find(".fate", article)?.remove();
    find(".body", article).append(...fate(message, isLate));
  }
  if (canAct && !find(".more", article)) article.append(moreButton());
  if (!canAct) find(".more", article)?.remove();
}

function isNew(article, what, looks) {
  const before = article[what];
  article[what] = looks.join("|");
  return before !== article[what];
}

function paintWords(article, message, { user, name, again }) {
  article.classList.toggle("again", again);
  const margin = again
    ? el("span", { class: "gutter", "aria-hidden": "true" }, time(message, short) ?? "")
    : avatar(user, name);
  const pause = el("span", { class: "hidden" }, ": ");
  const who = el("p", { class: "who" }, words(name, "name"), again ? undefined : time(message), pause);
  const more = find(".more", article);
  article.replaceChildren(margin, el("div", { class: "body" }, who, content(message)), ...(more ? [more] : []));
}

function fate(message, isLate) {
  if (message.state === "failed") return [failure(message)];
  return isLate ? [el("p", { class: "fate" }, "Waiting to be sent")] : [];
}

function moreButton() {
  const label = { "aria-label": "More about this message", "aria-haspopup": "menu", "aria-expanded": "false" };
  return el("button", { type: "button", class: "more", tabindex: "-1", ...label }, "⋯");
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
