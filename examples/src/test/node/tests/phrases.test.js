import assert from "node:assert/strict";
import { it } from "node:test";
import { errorText, isTemporary } from "#lib/errors.js";
import { countOf, enumerate, toSentence } from "#lib/phrases.js";

it("counts have a singular and a plural", () => {
  assert.equal(countOf(1, "room", "rooms"), "1 room");
  assert.equal(countOf(0, "room", "rooms"), "0 rooms");
  assert.equal(countOf(2, "person", "people"), "2 people");
});

it("enumerations have commas, and an \"and\" before the last item", () => {
  assert.equal(enumerate([]).join(""), "");
  assert.equal(enumerate(["Ann"]).join(""), "Ann");
  assert.equal(enumerate(["Ann", "Bob"]).join(""), "Ann and Bob");
  assert.equal(enumerate(["Ann", "Bob", "Cem"]).join(""), "Ann, Bob and Cem");
});

it("sentences begin with a capital letter and end with a full stop", () => {
  assert.equal(toSentence(" invalid token "), "Invalid token.");
  assert.equal(toSentence("why?"), "Why?");
  assert.equal(toSentence(""), "");
});

it("errors of the connection are temporary, others only if the server says so", () => {
  assert.equal(isTemporary({ code: 1, message: "timeout" }), true);
  assert.equal(isTemporary({ code: 108, message: "busy", temporary: true }), true);
  assert.equal(isTemporary({ code: 103, message: "denied" }), false);
  assert.equal(isTemporary(new Error("defect")), false);
  assert.equal(isTemporary(undefined), false);
});

it("errors have a text for the user", () => {
  assert.match(errorText({ code: 2, message: "transport closed" }), /no connection/);
  assert.equal(errorText({ code: 404, message: "this room does not exist" }), "This room does not exist.");
  assert.equal(errorText({ code: 500 }), "The request failed.");
  assert.equal(errorText(undefined), "The request failed.");
});
