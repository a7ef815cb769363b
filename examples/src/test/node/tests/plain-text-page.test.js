import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLine } from "#plain/line-format.js";
import { ResumePositions } from "#plain/resume-positions.js";

describe("a line", () => {
  for (const [line, kind, sender, text, senderId] of [
    ["You wrote: hi", "own", "You wrote: ", "hi"],
    ["Message text was: hi", "reply", "Message text was: ", "hi"],
    ["Client #17 says: You wrote: x", "other", "Client #17 says: ", "You wrote: x", "17"],
    ["[lobby] Ann (2): a: b", "other", "[lobby] Ann (2): ", "a: b"],
    ["Client #17 left the chat", "notice", "", "Client #17 left the chat"],
    ["* Bob is here", "notice", "", "* Bob is here"],
    ["You wrote: two\nlines", "own", "You wrote: ", "two\nlines"],
    ["", "notice", "", ""],
  ]) {
    it(`${JSON.stringify(line)} is of the kind "${kind}"`, () => {
      assert.deepEqual(parseLine(line), { kind, sender, text, ...(kind === "notice" ? {} : { senderId }) });
      assert.equal(parseLine(line).sender + parseLine(line).text, line);
    });
  }
});

describe("the positions", () => {
  const welcome = (room, offset, older, key = "k.s") => `* welcome ${room} e1:${offset} ${older} ${key} here: Ann, Bob`;

  it("begin with the welcome, which is shown without the key", () => {
    const positions = new ResumePositions();
    assert.equal(positions.apply(welcome("lobby", 7, 0)), "* welcome to lobby, here: Ann, Bob");
    assert.equal(positions.key, "k.s");
    assert.equal(String(positions), "lobby@e1:7");
  });

  it("move on with each new line of the room, and not with older lines", () => {
    const positions = new ResumePositions();
    positions.apply(welcome("lobby", 7, 2));
    for (const line of ["[lobby] Ann: old", "[lobby] Bob: old"]) assert.equal(positions.apply(line), line);
    assert.equal(String(positions), "lobby@e1:7");
    positions.apply("[lobby] Ann: new");
    assert.equal(String(positions), "lobby@e1:8");
  });

  it("do not move with lines of other rooms and with notices", () => {
    const positions = new ResumePositions();
    positions.apply(welcome("lobby", 7, 0));
    for (const line of ["[tea] Ann: hi", "* Bob is here", "nonsense", "[lobby]"]) positions.apply(line);
    assert.equal(String(positions), "lobby@e1:7");
  });

  it("are of all rooms", () => {
    const positions = new ResumePositions();
    positions.apply(welcome("lobby", 7, 0));
    positions.apply(welcome("tea", 0, 0, "k2.s2"));
    positions.apply("[tea] Ann: hi");
    assert.equal(String(positions), "lobby@e1:7,tea@e1:1");
    assert.equal(positions.key, "k2.s2");
  });
});
