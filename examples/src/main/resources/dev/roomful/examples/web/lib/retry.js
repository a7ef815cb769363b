// @ts-check
import { isTemporary } from "./errors.js";

const FIRST_DELAY_MS = 300;
const MAX_DELAY_MS = 8_000;

/** @param {number} ms */
export function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Makes a request, and repeats it with growing delays while it fails with temporary errors.
 *
 * @template T
 * @param {() => Promise<T>} request
 * @param {() => boolean} isWanted checked before each attempt
 * @param {(ms: number) => Promise<unknown>} [delay]
 * @returns {Promise<T | undefined>} undefined after a permanent error, or when no longer wanted
 */
export async function retryWhileTemporary(request, isWanted, delay = sleep) {
  for (let ms = FIRST_DELAY_MS; isWanted(); ms = Math.min(2 * ms, MAX_DELAY_MS)) {
    try {
      return await request();
    } catch (error) {
      if (!isTemporary(error)) return undefined;
      await delay(ms);
    }
  }
  return undefined;
}
