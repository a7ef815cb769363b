import assert from "node:assert/strict";
import { it } from "node:test";
import { connectionText } from "#rooms/view/connection-banner.js";

const chat = { state: "connecting", wasConnected: false, failedAttempts: 0, reason: "", refusal: "" };
const RECONNECTING = "Reconnecting… Your messages are kept and sent later.";

it("a connection that works needs no text", () => {
  assert.equal(connectionText({ ...chat, state: "connected" }), "");
  assert.equal(connectionText({ ...chat, state: "idle" }), "");
});

it("the first attempts to connect are no problem yet", () => {
  for (const failedAttempts of [0, 1, 2]) {
    assert.equal(connectionText({ ...chat, failedAttempts }), "Connecting…");
    assert.equal(connectionText({ ...chat, failedAttempts, wasConnected: true }), RECONNECTING);
  }
});

it("after many failed attempts the text says that the chat cannot be reached", () => {
  for (const failedAttempts of [3, 50]) {
    assert.equal(
      connectionText({ ...chat, failedAttempts }),
      "Cannot reach the chat. The page tries again every few seconds.",
    );
    assert.equal(
      connectionText({ ...chat, failedAttempts, wasConnected: true }),
      `Cannot reach the chat. ${RECONNECTING}`,
    );
  }
});

it("a refused attempt is shown at once, with the reason", () => {
  const refused = { ...chat, failedAttempts: 1, refusal: "too many connections" };
  const problem = "The connection was refused: too many connections.";
  assert.equal(connectionText(refused), `${problem} The page tries again every few seconds.`);
  assert.equal(connectionText({ ...refused, wasConnected: true }), `${problem} ${RECONNECTING}`);
});

it("the end of a connection is shown with its reason", () => {
  assert.equal(connectionText({ ...chat, state: "disconnected" }), "Disconnected.");
  assert.equal(connectionText({ ...chat, state: "disconnected", reason: "rate" }), "Disconnected: rate.");
});
