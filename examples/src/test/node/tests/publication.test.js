import assert from "node:assert/strict";
import { it } from "node:test";
import { toMessage } from "#rooms/model/publication.js";

const INFO = { user: "ann", client: "c", connInfo: { name: "Ann" } };

it("a publication with a text is a message of its sender", () => {
  const message = toMessage(
    { channel: "lobby", data: { text: "hi", id: "x" }, info: INFO, offset: 3, tags: { time: "1700000000000" } },
    "a",
    "me",
  );
  assert.deepEqual(message, {
    kind: "message",
    epoch: "a",
    offset: 3,
    at: 1_700_000_000_000,
    id: "x",
    user: "ann",
    name: "Ann",
    text: "hi",
    isRaw: false,
    isOwn: false,
    state: "sent",
    replyTo: undefined,
    mentions: undefined,
  });
});

it("a reply names the position of another message", () => {
  const replyTo = (tag) =>
    toMessage({ channel: "lobby", data: { text: "hi" }, info: INFO, offset: 3, tags: { "reply-to": tag } }, "a", "me").replyTo;
  assert.deepEqual(replyTo("a:12"), { epoch: "a", offset: 12 });
  for (const tag of [undefined, "", "a", ":1", "a:", "a:x", "a:1:2"]) assert.equal(replyTo(tag), undefined);
});

it("this user's own publications are known", () => {
  assert.equal(toMessage({ channel: "lobby", data: { text: "hi" }, info: INFO, offset: 3 }, "a", "ann").isOwn, true);
});

it("unknown data is shown as JSON", () => {
  for (const [data, text] of [[{ temperature: 21 }, '{"temperature":21}'], [[1, 2], "[1,2]"], [{ text: 7, id: "x" }, '{"text":7,"id":"x"}']]) {
    const message = toMessage({ channel: "lobby", data, offset: 1 }, "a", "me");
    assert.equal(message.text, text);
    assert.equal(message.isRaw, true);
    assert.equal(message.id, undefined);
    assert.equal(message.user, "");
  }
});

it("mentions are a line for each user", () => {
  const tags = { mentions: "ann\nbob" };
  const message = toMessage({ channel: "lobby", data: { text: "hi" }, info: INFO, offset: 3, tags }, "a", "me");
  assert.deepEqual(message.mentions, ["ann", "bob"]);
});

it("an ID that is not a string is ignored", () => {
  assert.equal(toMessage({ channel: "lobby", data: { text: "hi", id: 7 }, offset: 1 }, "a", "me").id, undefined);
});

it("a time that is not a number is not known", () => {
  for (const tags of [undefined, {}, { time: "noon" }]) {
    assert.equal(toMessage({ channel: "lobby", data: { text: "hi" }, offset: 1, tags }, "a", "me").at, undefined);
  }
});
