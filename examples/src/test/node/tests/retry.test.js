import assert from "node:assert/strict";
import { it } from "node:test";
import { retryWhileTemporary } from "#lib/retry.js";

const TIMEOUT = { code: 1, message: "timeout" };

function request(...outcomes) {
  const delays = [];
  let attempts = 0;
  const send = async () => {
    const outcome = outcomes[attempts++];
    if (typeof outcome === "object") throw outcome;
    return outcome;
  };
  const isWanted = () => attempts < outcomes.length;
  return { delays, result: retryWhileTemporary(send, isWanted, async (ms) => delays.push(ms)) };
}

it("a request is repeated with growing delays after temporary errors", async () => {
  const { delays, result } = request(...Array(7).fill(TIMEOUT), "answer");
  assert.equal(await result, "answer");
  assert.deepEqual(delays, [300, 600, 1_200, 2_400, 4_800, 8_000, 8_000]);
});

it("a request is not repeated after a permanent error", async () => {
  const { delays, result } = request({ code: 103, message: "denied" }, "never");
  assert.equal(await result, undefined);
  assert.deepEqual(delays, []);
});

it("a request is not repeated when the answer is not wanted any more", async () => {
  const { delays, result } = request(TIMEOUT, TIMEOUT);
  assert.equal(await result, undefined);
  assert.equal(delays.length, 2);
});
