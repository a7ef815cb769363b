import { el } from "./dom.js";

const segments = new Intl.Segmenter();

/** The circle with somebody's initials, coloured by who it is and not by what the name is now. */
export function avatar(user, name) {
  const circle = el("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  circle.style.setProperty("--hue", hue(user));
  return circle;
}

function initials(name) {
  const parts = name.match(/[\p{L}\p{N}\p{Extended_Pictographic}][^\s]*/gu) ?? [];
  const picked = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  const letters = picked.map((part) => [...segments.segment(part)][0].segment);
  return letters.join("").toLocaleUpperCase() || "?";
}

export function hue(user) {
  let hash = 7;
  for (const character of String(user)) hash = (hash * 31 + character.codePointAt(0)) % 100_003;
  return (hash * 137) % 360;
}
