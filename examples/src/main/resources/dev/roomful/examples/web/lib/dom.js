// @ts-check
// Elements are created as nodes, never from markup.

/**
 * Returns the element that matches the selector.
 *
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {new () => T} [type] the class that the element must have; HTMLElement by default
 * @param {ParentNode} [within]
 * @returns {T}
 * @throws {Error} if no element of that class matches
 */
export function find(selector, type, within = document) {
  const found = within.querySelector(selector);
  if (found instanceof (type ?? HTMLElement)) return /** @type {T} */ (/** @type {unknown} */ (found));
  throw new Error(`No ${type?.name ?? "HTMLElement"} matches "${selector}"`);
}

/**
 * Creates an element. A property whose name begins with "on" adds a listener; a property that is
 * false or undefined is left out.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | undefined | ((event: any) => unknown)>} [properties]
 * @param {...(Node | string | false | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== false));
  return node;
}

/**
 * Creates an element for text that users wrote. Its direction does not affect the text around it.
 *
 * @param {string} text
 * @param {string} [className]
 */
export function userText(text, className) {
  return element("bdi", { class: className }, text);
}

/**
 * Sets the text of a node only if it differs, so that a screen reader announces changes only.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Makes the given elements the children of a parent. Children that remain are moved only if needed.
 *
 * @param {Element} parent
 * @param {readonly Element[]} children
 */
export function syncChildren(parent, children) {
  const kept = new Set(children);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of children) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}

/**
 * Returns a function that schedules an action for the next frame. Further calls before that frame
 * have no effect.
 *
 * @param {() => void} action
 * @returns {() => void}
 */
export function oncePerFrame(action) {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    const run = () => {
      isScheduled = false;
      action();
    };
    if (document.hidden) setTimeout(run, 100); // a hidden page gets no frames
    else requestAnimationFrame(run);
  };
}
