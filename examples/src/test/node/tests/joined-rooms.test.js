import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Emitter } from "#lib/emitter.js";
import { browserStorage } from "#lib/storage.js";
import { JoinedRooms } from "#rooms/model/joined-rooms.js";
import { Presence } from "#rooms/model/presence.js";

class FakeRoom extends Emitter {
  unread = 0;
  hasLeft = false;
  presence = new Presence();
  roles = new Map();

  constructor(name, direct, isNew) {
    super();
    Object.assign(this, { name, direct, isNew });
  }

  leave() {
    this.hasLeft = true;
  }
}

const BOB = { room: "direct-1", user: "bob", name: "Bob" };
let rooms;
let changes;

beforeEach(() => {
  for (const key of ["rooms", "hidden"]) browserStorage.remove(key);
  rooms = new JoinedRooms((...details) => new FakeRoom(...details));
  changes = 0;
  rooms.on("change", () => changes++);
});

const names = () => [...rooms].map(({ name }) => name);

it("the first room of a new user is the lobby", () => {
  rooms.restore();
  assert.deepEqual(names(), ["lobby"]);
});

it("stored rooms are joined again, once", () => {
  browserStorage.set("rooms", ["tea", "design"]);
  rooms.restore();
  rooms.leave(rooms.get("tea"));
  rooms.restore();
  assert.deepEqual(names(), ["design"]);
});

it("a user who has left all rooms has none", () => {
  rooms.restore();
  rooms.leave(rooms.get("lobby"));
  const next = new JoinedRooms((...details) => new FakeRoom(...details));
  next.restore();
  assert.deepEqual([...next], []);
});

it("a room is joined once and stored", () => {
  assert.equal(rooms.join("tea"), rooms.join("tea"));
  assert.equal(rooms.get("tea").isNew, false);
  assert.deepEqual(browserStorage.get("rooms"), ["tea"]);
});

it("a room that was left is not stored", () => {
  const tea = rooms.join("tea");
  rooms.leave(tea);
  assert.equal(tea.hasLeft, true);
  assert.equal(rooms.has("tea"), false);
  assert.deepEqual(browserStorage.get("rooms"), []);
});

it("the unread messages of all rooms are counted", () => {
  rooms.join("tea").unread = 2;
  rooms.join("design").unread = 3;
  assert.equal(rooms.unread, 5);
});

describe("a direct room", () => {
  it("is joined with its messages unread, and not stored", () => {
    const room = rooms.joinDirect({ ...BOB, name: "B\u202eob" }, false);
    rooms.join("tea");
    assert.equal(room.isNew, true);
    assert.deepEqual(room.direct, { user: "bob", name: "Bob" });
    assert.deepEqual(browserStorage.get("rooms"), ["tea"]);
  });

  it("has the newest name of its user", () => {
    const room = rooms.joinDirect(BOB, false);
    rooms.setDirectName("bob", "Bobby");
    assert.equal(room.direct.name, "Bobby");
    room.presence.join({ user: "bob", client: "c", connInfo: { name: "Robert" } });
    room.emit("presence");
    assert.equal(room.direct.name, "Robert");
    rooms.joinDirect(BOB, true);
    assert.equal(room.direct.name, "Bob");
  });

  it("is hidden until it has unread messages or is opened", () => {
    const room = rooms.joinDirect(BOB, false);
    rooms.setHidden(room, true);
    assert.equal(rooms.isHidden(room), true);
    room.emit("unread");
    assert.equal(rooms.isHidden(room), true);
    room.unread = 1;
    room.emit("unread");
    assert.equal(rooms.isHidden(room), false);
    rooms.setHidden(room, true);
    rooms.joinDirect(BOB, true);
    assert.equal(rooms.isHidden(room), false);
  });
});

describe("a direct room that the other user opens", () => {
  it("is hidden until there is a message", () => {
    rooms.openedByOther(BOB, false);
    const room = rooms.get("direct-1");
    assert.equal(rooms.isHidden(room), true);
    rooms.openedByOther(BOB, true);
    assert.equal(rooms.isHidden(room), false);
  });

  it("stays in the list if this user has joined it", () => {
    const room = rooms.joinDirect(BOB, true);
    rooms.openedByOther(BOB, false);
    assert.equal(rooms.isHidden(room), false);
  });
});

describe("what another tab does", () => {
  it("with rooms is done here, except to direct rooms", () => {
    rooms.restore();
    const lobby = rooms.get("lobby");
    rooms.joinDirect(BOB, false);
    browserStorage.set("rooms", ["tea"]);
    rooms.otherTabChanged("rooms");
    assert.deepEqual(names(), ["direct-1", "tea"]);
    assert.equal(lobby.hasLeft, true);
  });

  it("with rooms is not done before the rooms are restored", () => {
    browserStorage.set("rooms", ["tea"]);
    rooms.otherTabChanged("rooms");
    assert.deepEqual(names(), []);
  });

  it("changes the unread messages and the hidden rooms", () => {
    rooms.join("tea");
    let unread = 0;
    rooms.on("unread", () => unread++);
    rooms.otherTabChanged("read:tea");
    rooms.otherTabChanged("read:unknown");
    assert.equal(unread, 1);
    const before = changes;
    rooms.otherTabChanged("hidden");
    assert.equal(changes, before + 1);
  });
});

it("a person is found by the name, in any room and any case", () => {
  rooms.join("tea");
  rooms.join("design").presence.replace({ c: { client: "c", user: "u1", connInfo: { name: "Bob Diddley" } } });
  for (const name of ["bob diddley", "@Bob Diddley"]) assert.equal(rooms.findPerson(name)?.user, "u1");
  assert.equal(rooms.findPerson("bob"), undefined);
});
