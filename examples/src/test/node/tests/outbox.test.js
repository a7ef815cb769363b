import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { JsonStorage } from "#lib/storage.js";
import { Outbox } from "#rooms/model/outbox.js";

const TIMEOUT = { code: 1, message: "timeout" };
const OVERLOADED = { code: 108, message: "too many requests", temporary: true };
const DENIED = { code: 103, message: "muted: count to ten" };
const BAD = { code: 107, message: "bad request" };

let storage;
let delays;
let published;
let accepted;
let changes;
let outbox;

beforeEach(() => {
  storage = new JsonStorage("sessionStorage");
  delays = [];
  published = [];
  accepted = [];
  changes = 0;
  outbox = newOutbox();
});

function newOutbox() {
  return new Outbox("lobby", () => changes++, storage, async (ms) => delays.push(ms));
}

/** Flushes the outbox to a server that answers with these errors first, then accepts all. */
function flush(errors = [], canPublish = () => true) {
  const publish = async (data) => {
    published.push(data.text);
    const error = errors.shift();
    if (error) throw error;
  };
  return outbox.flush(publish, canPublish, (message) => accepted.push(message.text));
}

function states() {
  return outbox.messages.map(({ text, state }) => `${text}: ${state}`);
}

describe("flushing", () => {
  it("publishes the waiting messages in order", async () => {
    outbox.add("one");
    outbox.add("two");
    await flush();
    assert.deepEqual(published, ["one", "two"]);
    assert.deepEqual(accepted, ["one", "two"]);
    assert.deepEqual(states(), ["one: sent", "two: sent"]);
  });

  it("publishes nothing while that is not possible", async () => {
    outbox.add("one");
    await flush([], () => false);
    assert.deepEqual(published, []);
    assert.deepEqual(states(), ["one: waiting"]);
  });

  it("publishes each message once if it is requested twice at the same time", async () => {
    outbox.add("one");
    await Promise.all([flush(), flush()]);
    assert.deepEqual(published, ["one"]);
  });

  it("repeats a message with the same ID, and growing delays, after temporary errors", async () => {
    outbox.add("one");
    outbox.add("two");
    const { id } = outbox.messages[0];
    const errors = [TIMEOUT, OVERLOADED, TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT];
    const ids = [];
    const publish = async (data) => {
      ids.push(data.id);
      const error = errors.shift();
      if (error) throw error;
    };
    await outbox.flush(publish, () => true, () => {});
    assert.deepEqual(ids.slice(0, 7), Array(7).fill(id));
    assert.equal(ids.length, 8);
    assert.deepEqual(delays, [500, 1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  it("begins with the shortest delay after each success", async () => {
    outbox.add("one");
    outbox.add("two");
    await flush([TIMEOUT, TIMEOUT, undefined, TIMEOUT]);
    assert.deepEqual(delays, [500, 1_000, 500]);
  });

  it("marks a message as failed after a permanent error, and goes on", async () => {
    outbox.add("one");
    outbox.add("two");
    await flush([BAD]);
    assert.deepEqual(states(), ["one: failed", "two: sent"]);
    assert.equal(outbox.messages[0].reason, "bad request");
    assert.deepEqual(accepted, ["two"]);
  });

  it("explains that this user may not send messages", async () => {
    outbox.add("one");
    await flush([DENIED]);
    assert.equal(outbox.messages[0].reason, "you may not send messages here right now (muted: count to ten)");
  });

  it("does not change a message that arrived before the reply", async () => {
    outbox.add("one");
    const [message] = outbox.messages;
    const publish = async () => {
      outbox.remove(message);
      Object.assign(message, { state: "sent", offset: 7 });
      throw BAD;
    };
    await outbox.flush(publish, () => true, () => {});
    assert.equal(message.state, "sent");
    assert.deepEqual(outbox.messages, []);
  });
});

describe("a failed message", () => {
  it("waits behind the others when it is retried", async () => {
    outbox.add("one");
    await flush([BAD]);
    outbox.add("two");
    outbox.retry(outbox.messages[0]);
    assert.deepEqual(states(), ["two: waiting", "one: waiting"]);
    assert.equal(outbox.messages[1].reason, undefined);
  });

  it("can be discarded", async () => {
    outbox.add("one");
    await flush([BAD]);
    outbox.remove(outbox.messages[0]);
    assert.deepEqual(newOutbox().messages, []);
  });
});

describe("after a reload", () => {
  it("waiting and failed messages are still there, with their IDs", async () => {
    outbox.add("one");
    await flush([BAD]);
    outbox.add("two");
    const before = outbox.messages.map(({ id, text, state, reason }) => ({ id, text, state, reason }));
    const after = newOutbox().messages;
    assert.deepEqual(after.map(({ id, text, state, reason }) => ({ id, text, state, reason })), before);
    assert.ok(after.every(({ isOwn }) => isOwn));
    assert.equal(newOutbox().find(before[1].id).text, "two");
  });

  it("accepted messages are not, since the server has them", async () => {
    outbox.add("one");
    await flush();
    assert.deepEqual(newOutbox().messages, []);
  });

  it("a value that is not a list is ignored", () => {
    storage.set("outbox:lobby", { nonsense: true });
    assert.deepEqual(newOutbox().messages, []);
  });
});

it("a message has its references after a reload, too", async () => {
  outbox.add("one", { replyTo: { epoch: "a", offset: 7 }, mentions: ["ann"] });
  outbox = newOutbox();
  outbox.add("two", { mentions: [] });
  const contents = [];
  await outbox.flush(async ({ id, ...content }) => contents.push(content), () => true, () => {});
  assert.deepEqual(contents, [{ text: "one", reply: "a:7", mentions: ["ann"] }, { text: "two" }]);
});

it("each change is reported", () => {
  outbox.add("one");
  outbox.retry(outbox.messages[0]);
  assert.ok(changes >= 2);
});
