// @ts-check
import { find } from "../../lib/dom.js";

const SIGN_IN = "sign-in";

/**
 * Shows the sign-in form in the state "sign-in", and the chat in all others.
 *
 * @param {string} state "sign-in", or a state of the chat client
 */
export function setPageState(state) {
  document.body.dataset.state = state;
  find("#sign-in").hidden = state !== SIGN_IN;
  find("#app").hidden = state === SIGN_IN;
}

export function isSignInShown() {
  return document.body.dataset.state === SIGN_IN;
}
