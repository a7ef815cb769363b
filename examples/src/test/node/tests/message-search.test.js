import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matchingMessages } from "#rooms/model/message-search.js";

const ENTRIES = [
  { kind: "message", text: "The Café is open", name: "Ann" },
  { kind: "event", type: "topic", topic: "café" },
  { kind: "message", text: "", name: "Ann", isRemoved: true },
  { kind: "message", text: "which cafe?", name: "Bob" },
  { kind: "message", text: "that one" },
];

describe("messages that match", () => {
  for (const [typed, expected] of [
    ["CAFE", ["The Café is open", "which cafe?"]],
    [" café ", ["The Café is open", "which cafe?"]],
    ["ann", ["The Café is open"]],
    [".*", []],
    [" ", []],
    ["", []],
  ]) {
    it(JSON.stringify(typed), () => {
      assert.deepEqual(matchingMessages(ENTRIES, typed).map(({ text }) => text), expected);
    });
  }
});
