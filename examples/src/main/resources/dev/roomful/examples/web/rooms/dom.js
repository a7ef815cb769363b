// All of the page that is not in index.html is made here: as nodes, never as markup.

export const find = (selector, within = document) => within.querySelector(selector);

/** A new element; a property that begins with "on" is a listener, one that is false is left out. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== false));
  return node;
}

/** Words of somebody else, which keep their direction to themselves. */
export function words(text, className) {
  return el("bdi", { class: className }, text);
}

/** Ann, Bob and Cem */
export function listed(nodes) {
  return nodes.flatMap((node, i) => [i === 0 ? "" : i === nodes.length - 1 ? " and " : ", ", node]);
}

/** Only a change is written, so that a screen reader speaks only of changes. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Makes the children of a list those that are wanted, and moves as few as possible. */
export function arrange(list, wanted) {
  const kept = new Set(wanted);
  for (const child of [...list.children]) if (!kept.has(child)) child.remove();
  let next = list.firstElementChild;
  for (const child of wanted) {
    if (child === next) next = next.nextElementSibling;
    else list.insertBefore(child, next);
  }
}

/** Calls it once, when the next picture is due, however often it was asked for. */
export function soon(paint) {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    const run = () => {
      isDue = false;
      paint();
    };
    if (document.hidden) setTimeout(run, 100);
    else requestAnimationFrame(run);
  };
}

export function several(count, one, many) {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

const toast = find("#toast");
let toastTimer;

/** Says something in passing. */
export function tell(text) {
  clearTimeout(toastTimer);
  toast.textContent = text;
  toast.classList.add("shown");
  toastTimer = setTimeout(() => toast.classList.remove("shown"), 5_000);
}

/** Does something that may fail, and says why when it does. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    tell(reasonOf(error));
    return undefined;
  }
}

export function reasonOf(error) {
  if (error?.code < 100) return "There is no connection right now. Please try again in a moment.";
  return sentence(error?.message || "That did not work.");
}

export function sentence(text) {
  const trimmed = String(text).trim();
  return trimmed && trimmed[0].toUpperCase() + trimmed.slice(1).replace(/[^.!?…]$/u, "$&.");
}
