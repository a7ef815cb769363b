import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Presence } from "#rooms/model/presence.js";

const connection = (user, client, name) => ({ user, client, connInfo: { name } });
let presence;

beforeEach(() => {
  presence = new Presence();
});

it("a user with two connections joins with the first and leaves with the last", () => {
  assert.equal(presence.join(connection("ann", "c1", "Ann")), true);
  assert.equal(presence.join(connection("ann", "c2", "Ann")), false);
  assert.equal(presence.count, 1);
  assert.equal(presence.leave(connection("ann", "c1", "Ann")), false);
  assert.equal(presence.has("ann"), true);
  assert.equal(presence.leave(connection("ann", "c2", "Ann")), true);
  assert.equal(presence.has("ann"), false);
});

it("the leave of an unknown connection has no effect", () => {
  presence.join(connection("ann", "c1", "Ann"));
  assert.equal(presence.leave(connection("ann", "c9", "Ann")), false);
  assert.equal(presence.leave(connection("bob", "c1", "Bob")), false);
  assert.equal(presence.count, 1);
});

it("a snapshot replaces all users", () => {
  presence.join(connection("ann", "c1", "Ann"));
  presence.replace({ c2: connection("bob", "c2", "Bob"), c3: connection("bob", "c3", "Bob") });
  assert.deepEqual([...presence.users], ["bob"]);
});

it("a snapshot does not undo what came before it and is newer", () => {
  presence.join(connection("ann", "c1", "Ann"));
  presence.snapshotRequested();
  presence.join(connection("bob", "c2", "Bob"));
  presence.leave(connection("ann", "c1", "Ann"));
  presence.replace({ c1: connection("ann", "c1", "Ann") });
  assert.deepEqual([...presence.users], ["bob"]);
  presence.replace({ c1: connection("ann", "c1", "Ann") });
  assert.deepEqual([...presence.users], ["ann"]);
});

it("nobody is there after the room was left, whatever was requested", () => {
  presence.snapshotRequested();
  presence.join(connection("ann", "c1", "Ann"));
  presence.clear();
  assert.equal(presence.count, 0);
});

it("a user has the name of its latest connection, until it is renamed", () => {
  presence.join(connection("ann", "c1", "Ann"));
  presence.join(connection("ann", "c2", "Anna"));
  assert.equal(presence.nameOf("ann"), "Anna");
  presence.rename("ann", "Bea");
  presence.rename("bob", "Bob");
  assert.equal(presence.nameOf("ann"), "Bea");
  assert.equal(presence.nameOf("bob"), undefined);
});

describe("the list", () => {
  it("is by role, then by name", () => {
    for (const name of ["Zoe", "Bob", "Ann", "Cem", "Dora"]) {
      presence.join(connection(name.toLowerCase(), name, name));
    }
    const roles = new Map([["zoe", "owner"], ["dora", "moderator"], ["cem", "moderator"], ["ann", "member"]]);
    assert.deepEqual(presence.list(roles).map(({ name }) => name), ["Zoe", "Cem", "Dora", "Ann", "Bob"]);
  });

  it("has users with unknown roles among the members", () => {
    presence.join(connection("ann", "c1", "Ann"));
    presence.join(connection("zoe", "c2", "Zoe"));
    const roles = new Map([["ann", "unknown"], ["zoe", "moderator"]]);
    assert.deepEqual(presence.list(roles).map(({ name }) => name), ["Zoe", "Ann"]);
  });
});
