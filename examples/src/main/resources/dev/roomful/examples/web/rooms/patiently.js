const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 8_000;

/** The answer to a request: asked again after what is temporary, undefined after what is not. */
export async function patiently(request, isWanted) {
  for (let wait = FIRST_WAIT_MS; isWanted(); wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      return await request();
    } catch (error) {
      if (error.code >= 100 && !error.temporary) return undefined;
      await new Promise((done) => setTimeout(done, wait));
    }
  }
  return undefined;
}
