import assert from "node:assert/strict";
import { beforeEach, it, mock } from "node:test";
import { SilenceTimeout } from "#plain/silence-timeout.js";

let silences;
let now;
let timeout;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  silences = now = 0;
  timeout = new SilenceTimeout(10_000, () => silences++, { now: () => now });
});

function pass(ms) {
  for (let i = 0; i < ms; i += 100) {
    now += 100;
    mock.timers.tick(100);
  }
}

it("two and a half heartbeat intervals without data are a silence", () => {
  timeout.received();
  pass(24_900);
  assert.equal(silences, 0);
  pass(100);
  assert.equal(silences, 1);
});

it("a silence is reported once", () => {
  timeout.received();
  pass(100_000);
  assert.equal(silences, 1);
});

it("data of any kind ends a silence", () => {
  timeout.received();
  for (let i = 0; i < 10; i++) {
    pass(20_000);
    timeout.received();
  }
  assert.equal(silences, 0);
  pass(24_900);
  assert.equal(silences, 0);
  pass(100);
  assert.equal(silences, 1);
});

it("a connection that has ended is not silent", () => {
  timeout.received();
  pass(20_000);
  timeout.stop();
  pass(100_000);
  assert.equal(silences, 0);
});

it("the next connection has the whole time again", () => {
  timeout.received();
  pass(20_000);
  timeout.stop();
  pass(1_000);
  timeout.received();
  pass(24_900);
  assert.equal(silences, 0);
  pass(100);
  assert.equal(silences, 1);
});
