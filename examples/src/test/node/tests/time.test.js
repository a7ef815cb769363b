import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isSameDay, TimeFormat } from "#lib/time.js";

const AFTERNOON = new Date(2026, 0, 5, 15, 4);

describe("a time", () => {
  it("has the form of the locale", () => {
    assert.equal(new TimeFormat("en-GB").time(AFTERNOON), "15:04");
    assert.match(new TimeFormat("en-US").time(AFTERNOON), /^03:04\sPM$/);
  });

  it("can be shown as digits only", () => {
    assert.equal(new TimeFormat("en-GB").digits(AFTERNOON), "15:04");
    assert.equal(new TimeFormat("en-US").digits(AFTERNOON), "03:04");
  });

  it("has a day", () => {
    const day = new TimeFormat("en-GB").day(AFTERNOON);
    for (const part of ["Monday", "5", "January"]) assert.ok(day.includes(part), day);
  });
});

it("two times are on the same day from midnight to midnight", () => {
  const midnight = new Date(2026, 0, 5).getTime();
  const lastMoment = new Date(2026, 0, 6).getTime() - 1;
  assert.equal(isSameDay(midnight, lastMoment), true);
  assert.equal(isSameDay(midnight, lastMoment + 1), false);
  assert.equal(isSameDay(midnight - 1, midnight), false);
});
