import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { JoinLeaveEvents } from "#rooms/model/join-leave-events.js";
import { Presence } from "#rooms/model/presence.js";

const SECOND = 1_000;
let room;
let events;
let changes;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  changes = [];
  room = {
    self: "me",
    direct: undefined,
    presence: new Presence(),
    typing: { stop() {} },
    timeline: { addPresenceChange: (user, name, isJoin) => changes.push(`${name} ${isJoin ? "joined" : "left"}`) },
    emit() {},
  };
  events = new JoinLeaveEvents(room);
});

afterEach(() => mock.timers.reset());

const connection = (user, client = user) => ({ user, client, connInfo: { name: user } });

it("a join is an event at once, a leave after two seconds", () => {
  events.join(connection("ann"));
  assert.deepEqual(changes, ["ann joined"]);
  events.leave(connection("ann"));
  assert.equal(room.presence.has("ann"), false);
  mock.timers.tick(1.9 * SECOND);
  assert.deepEqual(changes, ["ann joined"]);
  mock.timers.tick(0.1 * SECOND);
  assert.deepEqual(changes, ["ann joined", "ann left"]);
});

it("a reload of the page is no event", () => {
  events.join(connection("ann", "before"));
  events.leave(connection("ann", "before"));
  mock.timers.tick(SECOND);
  events.join(connection("ann", "after"));
  mock.timers.tick(10 * SECOND);
  assert.deepEqual(changes, ["ann joined"]);
});

it("further connections of a user are no events", () => {
  events.join(connection("ann", "first"));
  events.join(connection("ann", "second"));
  events.leave(connection("ann", "first"));
  mock.timers.tick(10 * SECOND);
  assert.deepEqual(changes, ["ann joined"]);
});

it("this user, and users of direct rooms, have no events", () => {
  events.join(connection("me"));
  room.direct = { user: "ann", name: "Ann" };
  events.join(connection("ann"));
  assert.deepEqual(changes, []);
});

describe("after this client has lost its connection", () => {
  it("the reconnects of the others are no events for thirty seconds", () => {
    for (const user of ["ann", "bob"]) events.join(connection(user));
    changes.length = 0;
    events.connectionLost();
    room.presence.replace({});
    events.rejoined();
    events.join(connection("ann", "new"));
    mock.timers.tick(30 * SECOND);
    events.join(connection("bob", "new"));
    assert.deepEqual(changes, ["bob joined"]);
  });

  it("leaves that were still to be confirmed are no events", () => {
    events.join(connection("ann"));
    events.leave(connection("ann"));
    events.connectionLost();
    mock.timers.tick(10 * SECOND);
    assert.deepEqual(changes, ["ann joined"]);
  });
});

describe("a user whom a moderator removed", () => {
  it("has no event of its leave if that comes after the notice", () => {
    events.join(connection("ann"));
    events.removed("ann");
    events.leave(connection("ann"));
    mock.timers.tick(10 * SECOND);
    assert.deepEqual(changes, ["ann joined"]);
  });

  it("has no event of its leave if that comes before the notice", () => {
    events.join(connection("ann"));
    events.leave(connection("ann"));
    events.removed("ann");
    mock.timers.tick(10 * SECOND);
    assert.deepEqual(changes, ["ann joined"]);
  });

  it("has an event when it leaves after it has rejoined", () => {
    events.join(connection("ann"));
    events.removed("ann");
    events.leave(connection("ann"));
    events.join(connection("ann"));
    events.leave(connection("ann"));
    mock.timers.tick(10 * SECOND);
    assert.deepEqual(changes, ["ann joined", "ann joined", "ann left"]);
  });
});
