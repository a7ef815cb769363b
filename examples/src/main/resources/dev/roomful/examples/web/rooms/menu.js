import { el } from "./dom.js";

let close = () => {};

/**
 * Opens a menu at a button: items are {label, act, isDangerous}, and undefined ones are left out.
 * Arrows move, Escape and Tab close, and the focus comes back to the button.
 */
export function openMenu(button, label, items) {
  close();
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label });
  const back = (isFocusWanted) => {
    close = () => {};
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    removeEventListener("pointerdown", outside, true);
    removeEventListener("resize", leave);
    document.removeEventListener("scroll", leave, true);
    if (isFocusWanted && button.isConnected) button.focus();
  };
  const leave = () => back(false);
  const outside = ({ target }) => !menu.contains(target) && back(button.contains(target));
  for (const item of items.filter(Boolean)) {
    const choose = () => {
      back(true);
      item.act();
    };
    const look = item.isDangerous ? "danger" : undefined;
    menu.append(el("button", { type: "button", role: "menuitem", tabindex: "-1", class: look, onclick: choose }, item.label));
  }
  menu.addEventListener("keydown", (event) => keys(event, menu, back));
  button.setAttribute("aria-expanded", "true");
  button.closest("main, aside").append(menu); // beside it for who jumps from landmark to landmark
  place(menu, button.getBoundingClientRect());
  menu.firstElementChild?.focus({ preventScroll: true });
  close = leave;
  addEventListener("pointerdown", outside, true);
  addEventListener("resize", leave);
  document.addEventListener("scroll", leave, true);
}

function keys(event, menu, back) {
  const all = [...menu.children];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) all.at(to % all.length).focus();
  else if (event.key === "Escape") back(true);
  else if (event.key === "Tab") back(true);
  else if (event.key.length === 1) startingWith(all, at, event.key)?.focus();
  if (to !== undefined || event.key === "Escape" || event.key === "Tab") event.preventDefault();
  event.stopPropagation();
}

function startingWith(all, at, letter) {
  const next = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  return next.find((item) => item.textContent.toLowerCase().startsWith(letter.toLowerCase()));
}

/** Below the button, or above it where there is no place, and within the window. */
function place(menu, at) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isRight = at.left + width > innerWidth - 8;
  const left = isRight ? Math.max(8, at.right - width) : at.left;
  const top = at.bottom + 4 + height > innerHeight - 8 ? Math.max(8, at.top - height - 4) : at.bottom + 4;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
