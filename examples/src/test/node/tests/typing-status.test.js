import assert from "node:assert/strict";
import { afterEach, beforeEach, it, mock } from "node:test";
import { TypingStatus } from "#rooms/model/typing-status.js";

let typing;
let changes;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  changes = 0;
  typing = new TypingStatus(() => changes++);
});

afterEach(() => mock.timers.reset());

it("users are typing until they stop", () => {
  typing.start("ann", "Ann");
  typing.start("bob", "Bob");
  assert.deepEqual(typing.names, ["Ann", "Bob"]);
  typing.stop("ann");
  assert.deepEqual(typing.names, ["Bob"]);
  typing.clear();
  assert.deepEqual(typing.names, []);
  assert.equal(changes, 4);
});

it("stopping a user who is not typing is no change", () => {
  typing.stop("ann");
  assert.equal(changes, 0);
});

it("an announcement expires after five seconds unless it is repeated", () => {
  typing.start("ann", "Ann");
  mock.timers.tick(4_000);
  typing.start("ann", "Ann");
  mock.timers.tick(4_999);
  assert.deepEqual(typing.names, ["Ann"]);
  mock.timers.tick(1);
  assert.deepEqual(typing.names, []);
});

it("this user is announced once in a while, and at once after a message", () => {
  let announced = 0;
  const publish = async () => announced++;
  typing.announce(publish);
  typing.announce(publish);
  assert.equal(announced, 1);
  typing.messageSent();
  typing.announce(publish);
  assert.equal(announced, 2);
});

it("an announcement that fails is ignored", async () => {
  typing.announce(() => Promise.reject({ code: 1, message: "timeout" }));
  await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection would fail the test
});
