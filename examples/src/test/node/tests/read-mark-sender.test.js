import assert from "node:assert/strict";
import { it } from "node:test";
import { ReadMarkSender } from "#rooms/model/read-mark-sender.js";

const at = (offset) => ({ epoch: "a", offset });

/** Sends these positions during the first delay; returns what was sent. */
async function send(positions, errors = []) {
  const sent = [];
  const moves = positions.slice(1);
  const answer = async (position) => {
    sent.push(position.offset);
    const error = errors.shift();
    if (error) throw error;
  };
  const delay = async (ms) => {
    sent.push(`${ms} ms`);
    for (const position of moves.splice(0)) sender.moved(position);
  };
  const sender = new ReadMarkSender(answer, delay);
  await sender.moved(positions[0]);
  return sent;
}

it("a position is sent at once, and of those that follow only the last one", async () => {
  assert.deepEqual(await send([at(1), at(2), at(3)]), [1, "1000 ms", 3, "1000 ms"]);
});

it("a position is sent again after a temporary error", async () => {
  assert.deepEqual(await send([at(1)], [{ code: 1 }]), [1, "1000 ms", 1, "1000 ms"]);
});

it("a later position replaces one that was not sent", async () => {
  assert.deepEqual(await send([at(1), at(2)], [{ code: 1 }]), [1, "1000 ms", 2, "1000 ms"]);
});

it("a position that the server rejects is not sent again", async () => {
  assert.deepEqual(await send([at(1)], [{ code: 404 }]), [1, "1000 ms"]);
});
