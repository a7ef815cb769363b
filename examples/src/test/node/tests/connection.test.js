import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";

const HEARTBEAT_MS = 20_000;

/** A socket that a test opens, feeds and closes. */
class FakeWebSocket {
  static CONNECTING = 0;
  static OPEN = 1;
  readyState = FakeWebSocket.CONNECTING;
  wasClosed = false;

  constructor() {
    sockets.push(this);
  }

  open() {
    this.readyState = FakeWebSocket.OPEN;
    this.onopen();
  }

  receive(data) {
    this.onmessage({ data });
  }

  fail() {
    this.onclose({ code: 1006, reason: "" });
  }

  close() {
    this.wasClosed = true;
  }
}

globalThis.WebSocket = FakeWebSocket;
globalThis.addEventListener = () => {};
globalThis.document = { addEventListener() {} };
globalThis.navigator ??= { onLine: true };
const { Connection } = await import("#plain/connection.js");

let sockets;
let lines;
let explanations;
let now;

beforeEach(() => {
  mock.reset();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  now = 0;
  mock.method(performance, "now", () => now);
  sockets = [];
  lines = [];
  explanations = [];
});

function pass(ms) {
  for (let i = 0; i < ms; i += 100) {
    now += 100;
    mock.timers.tick(100);
  }
}

function connect(options) {
  const connection = new Connection(new URL("ws://localhost/ws"), { canResume: false, heartbeatMs: 0, ...options }, {
    onState: (state, status, explanation) => explanations.push(explanation),
    onCountdown() {},
    onLine: (line) => lines.push(line),
  });
  connection.connect();
  return sockets[0];
}

describe("a server that sends heartbeats", () => {
  it("is lost after a silence of two and a half intervals", () => {
    connect({ heartbeatMs: HEARTBEAT_MS }).open();
    pass(2.5 * HEARTBEAT_MS - 100);
    assert.equal(sockets.length, 1);
    assert.equal(sockets[0].wasClosed, false);
    pass(2_000); // the delay of the first retry is at most one second
    assert.equal(sockets.length, 2);
    assert.equal(sockets[0].wasClosed, true);
  });

  it("is not lost while it sends anything, and a heartbeat is not shown", () => {
    const socket = connect({ heartbeatMs: HEARTBEAT_MS });
    socket.open();
    for (const data of ["heartbeat", "* Bob is here", "heartbeat", new Blob(["binary"])]) {
      pass(2 * HEARTBEAT_MS);
      socket.receive(data);
    }
    assert.equal(sockets.length, 1);
    assert.deepEqual(lines, ["* Bob is here"]);
  });

  it("keeps the session of a client that resumes: the old connection is not closed", () => {
    connect({ canResume: true, heartbeatMs: HEARTBEAT_MS }).open();
    pass(2.5 * HEARTBEAT_MS + 2_000);
    assert.equal(sockets.length, 2);
    assert.equal(sockets[0].wasClosed, false);
  });
});

it("a server without heartbeats may be silent, and the text of a heartbeat is a line", () => {
  const socket = connect();
  socket.open();
  pass(600_000);
  socket.receive("heartbeat");
  assert.equal(sockets.length, 1);
  assert.deepEqual(lines, ["heartbeat"]);
});

it("after three failed attempts the explanation says that the chat cannot be reached", () => {
  connect();
  for (const problem of ["No connection.", "No connection.", "Cannot reach the chat. The server’s log may say why."]) {
    sockets.at(-1).fail();
    assert.equal(explanations.at(-1), `${problem} What you type is kept.`);
    const attempts = sockets.length;
    while (sockets.length === attempts) pass(100);
  }
  sockets.at(-1).open();
  sockets.at(-1).fail();
  assert.equal(explanations.at(-1), "No connection. What you type is kept.");
});

it("an attempt that is not answered is given up after fifteen seconds", () => {
  const socket = connect({ canResume: true });
  pass(14_900);
  assert.equal(socket.wasClosed, false);
  pass(100);
  assert.equal(socket.wasClosed, true);
  assert.equal(explanations.at(-1), "No connection. What you type is kept.");
  pass(1_000);
  assert.equal(sockets.length, 2);
});
