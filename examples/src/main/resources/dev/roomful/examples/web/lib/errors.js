// @ts-check
import { toSentence } from "./phrases.js";

// Errors of the SDK are objects with a code and a message. Codes below 100 come from the SDK
// itself: no connection, or no reply in time. The others come from the server.
const FIRST_SERVER_CODE = 100;

/** @param {any} error */
function isFromSdk(error) {
  return error?.code < FIRST_SERVER_CODE;
}

/**
 * Returns whether the server answered with this error.
 *
 * @param {any} error
 */
export function isFromServer(error) {
  return error?.code >= FIRST_SERVER_CODE;
}

/**
 * Returns whether the same request may succeed later.
 *
 * @param {any} error
 */
export function isTemporary(error) {
  return isFromSdk(error) || error?.temporary === true;
}

/**
 * Returns a sentence that explains an error to the user.
 *
 * @param {any} error
 */
export function errorText(error) {
  if (isFromSdk(error)) return "There is no connection right now. Please try again in a moment.";
  return toSentence(error?.message || "The request failed");
}
