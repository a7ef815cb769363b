// @ts-check
import { element } from "../../lib/dom.js";

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {() => unknown} act
 * @property {boolean} [isDangerous]
 */

const MARGIN = 8;
const GAP = 4;

/** Closes the menu that is open. */
let closeOpenMenu = () => {};

/**
 * Opens a menu at a button. The arrow keys move the focus; Escape and Tab close the menu and return
 * the focus to the button.
 *
 * @param {Element} button
 * @param {string} label
 * @param {readonly (MenuItem | false | undefined)[]} items those that are not items are left out
 */
export function openMenu(button, label, items) {
  closeOpenMenu();
  const menu = element("div", { class: "menu", role: "menu", "aria-label": label });
  const close = (/** @type {boolean} */ returnFocus) => {
    closeOpenMenu = () => {};
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    removeEventListener("pointerdown", closeIfOutside, true);
    removeEventListener("resize", closeWithoutFocus);
    document.removeEventListener("scroll", closeWithoutFocus, true);
    if (returnFocus && button.isConnected && button instanceof HTMLElement) button.focus();
  };
  const closeWithoutFocus = () => close(false);
  const closeIfOutside = (/** @type {PointerEvent} */ { target }) => {
    const node = /** @type {Node} */ (target);
    if (!menu.contains(node)) close(button.contains(node));
  };
  for (const item of items) {
    if (!item) continue;
    const choose = () => {
      close(true);
      item.act();
    };
    const className = item.isDangerous ? "danger" : undefined;
    const properties = { type: "button", role: "menuitem", tabindex: "-1", class: className, onclick: choose };
    menu.append(element("button", properties, item.label));
  }
  menu.addEventListener("keydown", (event) => handleKey(event, menu, close));
  button.setAttribute("aria-expanded", "true");
  button.closest("main, aside")?.append(menu); // within a landmark, for users who move by landmarks
  place(menu, button.getBoundingClientRect());
  itemsOf(menu)[0]?.focus({ preventScroll: true });
  closeOpenMenu = closeWithoutFocus;
  addEventListener("pointerdown", closeIfOutside, true);
  addEventListener("resize", closeWithoutFocus);
  document.addEventListener("scroll", closeWithoutFocus, true);
}

/** @param {Element} menu */
function itemsOf(menu) {
  return /** @type {HTMLElement[]} */ ([...menu.children]);
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} menu
 * @param {(returnFocus: boolean) => void} close
 */
function handleKey(event, menu, close) {
  const items = itemsOf(menu);
  const index = items.findIndex((item) => item === document.activeElement);
  /** @type {Record<string, number | undefined>} */
  const targets = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 };
  const target = targets[event.key];
  const closes = event.key === "Escape" || event.key === "Tab";
  if (target !== undefined) items.at(target % items.length)?.focus();
  else if (closes) close(true);
  else if (event.key.length === 1) nextStartingWith(items, index, event.key)?.focus();
  if (target !== undefined || closes) event.preventDefault();
  event.stopPropagation();
}

/**
 * @param {HTMLElement[]} items
 * @param {number} index
 * @param {string} letter
 */
function nextStartingWith(items, index, letter) {
  const others = [...items.slice(index + 1), ...items.slice(0, index + 1)];
  return others.find((item) => item.textContent?.toLowerCase().startsWith(letter.toLowerCase()));
}

/**
 * Places the menu below the button, or above it if there is no room, and within the window.
 *
 * @param {HTMLElement} menu
 * @param {DOMRect} button
 */
function place(menu, button) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const alignRight = button.left + width > innerWidth - MARGIN;
  const left = alignRight ? Math.max(MARGIN, button.right - width) : button.left;
  const below = button.bottom + GAP;
  const top = below + height > innerHeight - MARGIN ? Math.max(MARGIN, button.top - height - GAP) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
