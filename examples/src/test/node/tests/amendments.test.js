import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Amendments, isAmendment } from "#rooms/model/amendments.js";

const TARGET = { epoch: "a", offset: 3 };

let amendments;

beforeEach(() => {
  amendments = new Amendments();
});

function amend(kind, { user = "ann", text, reaction, target = "a:3" } = {}) {
  const tags = { "roomful.amendment": kind, "roomful.target": target };
  if (reaction) tags["roomful.reaction"] = reaction;
  const data = text === undefined ? {} : { text };
  return amendments.apply({ data, info: user ? { user } : undefined, tags });
}

it("only a publication with the tag is an amendment", () => {
  assert.equal(isAmendment({ data: {}, tags: { "roomful.amendment": "pin" } }), true);
  assert.equal(isAmendment({ data: {}, tags: { time: "1" } }), false);
  assert.equal(isAmendment({ data: { "roomful.amendment": "edit" } }), false);
});

it("an amendment says which message it changes", () => {
  assert.deepEqual(amend("edit", { text: "new" }), TARGET);
  assert.equal(amendments.of({ epoch: "b", offset: 3 }), undefined);
  assert.equal(amendments.of({ epoch: "a", offset: 4 }), undefined);
});

it("the latest edit counts", () => {
  amend("edit", { text: "first" });
  amend("edit", { text: "second" });
  assert.deepEqual(amendments.of(TARGET), { text: "second", isEdited: true, reactions: new Map() });
});

it("an edit without a text changes nothing", () => {
  amend("edit");
  assert.deepEqual(amendments.of(TARGET), { reactions: new Map() });
});

describe("reactions", () => {
  it("are added and taken back, once for each user", () => {
    amend("react", { reaction: "+1" });
    amend("react", { reaction: "+1" });
    amend("react", { reaction: "+1", user: "bob" });
    amend("react", { reaction: "heart" });
    amend("unreact", { reaction: "heart" });
    assert.deepEqual(amendments.of(TARGET).reactions, new Map([["+1", ["ann", "bob"]]]));
  });

  it("remain when the text is edited", () => {
    amend("react", { reaction: "+1" });
    amend("edit", { text: "new" });
    assert.deepEqual(amendments.of(TARGET).reactions, new Map([["+1", ["ann"]]]));
  });
});

it("a deleted message has neither text nor reactions", () => {
  amend("react", { reaction: "+1" });
  amend("edit", { text: "new" });
  amend("delete", { user: "" });
  assert.deepEqual(amendments.of(TARGET), { text: "", isRemoved: true, reactions: new Map() });
});

it("kinds that the page does not show change nothing", () => {
  amend("pin");
  assert.deepEqual(amendments.of(TARGET), { reactions: new Map() });
});

it("the changes of the messages that were changed last are kept", () => {
  for (let offset = 1; offset <= 2_001; offset++) amend("edit", { text: "new", target: `a:${offset}` });
  assert.equal(amendments.of({ epoch: "a", offset: 1 }), undefined);
  assert.equal(amendments.of({ epoch: "a", offset: 2 })?.text, "new");
});
