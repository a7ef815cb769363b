// @ts-check
import { randomId } from "../../lib/random-id.js";
import { browserStorage } from "../../lib/storage.js";

const MIN_LENGTH = 16;

/** Returns the secret by which the server recognizes this browser. Creates it if there is none. */
export function clientKey() {
  const stored = browserStorage.get("key");
  if (typeof stored === "string" && stored.length >= MIN_LENGTH) return stored;
  const created = randomId();
  browserStorage.set("key", created);
  return created;
}
