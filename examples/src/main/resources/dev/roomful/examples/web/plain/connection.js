// @ts-check

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
const STABLE_AFTER_MS = 5_000;

/**
 * Close codes after which the page does not reconnect by itself. The user still can.
 *
 * @type {Record<number, string>}
 */
const FINAL_CODES = {
  1008: "The server closed the connection for a violation of its rules",
  4003: "You were removed from the room",
  4004: "The room was closed",
  4005: "You were banned from the room",
  4006: "The chat continues in another window",
};

/**
 * @typedef {object} ConnectionListener
 * @property {(state: "connecting" | "open" | "waiting", status: string, explanation?: string) => void} onState
 * @property {(status: string, seconds: number) => void} onCountdown called every second before a retry
 * @property {(line: string) => void} onLine called with each text message
 */

/** A WebSocket that is opened again when it was lost: connecting, open, waiting, connecting… */
export class Connection {
  #address;
  #canResume;
  #listener;
  /** The current one. Events of earlier sockets are ignored. @type {WebSocket | undefined} */
  #socket;
  /** @type {number | undefined} */
  #openSince;
  #failures = 0;
  /** When to connect again; undefined if no retry is planned. @type {number | undefined} */
  #retryAt;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {URL} address read for each attempt, and may change in between
   * @param {boolean} canResume whether the server keeps the session of a lost connection
   * @param {ConnectionListener} listener
   */
  constructor(address, canResume, listener) {
    this.#address = address;
    this.#canResume = canResume;
    this.#listener = listener;
    addEventListener("online", () => this.#retryNow());
    addEventListener("offline", () => this.#offline());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#retryNow();
    });
  }

  connect() {
    clearTimeout(this.#timer);
    this.#retryAt = this.#openSince = undefined;
    this.#listener.onState("connecting", "Connecting…");
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.onopen = () => {
      if (socket === this.#socket) this.#opened();
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket && typeof data === "string") this.#listener.onLine(data);
    };
    socket.onclose = ({ code, reason }) => {
      if (socket === this.#socket) this.#lost(code, reason);
    };
  }

  /** Connects at once, and begins with the shortest delays again. */
  reconnect() {
    this.#failures = 0;
    this.connect();
  }

  /**
   * @param {string} text
   * @returns {boolean} false if the connection is not open
   */
  send(text) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(text);
    return true;
  }

  #opened() {
    this.#openSince = performance.now();
    this.#listener.onState("open", "Connected");
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #lost(code, reason) {
    // Only a connection that was stable resets the delays: a server that accepts connections and
    // closes them at once must not get a new one without a pause.
    if (this.#openSince !== undefined && performance.now() - this.#openSince > STABLE_AFTER_MS) {
      this.#failures = 0;
    }
    this.#socket = undefined;
    if (code in FINAL_CODES) {
      this.#listener.onState("waiting", "Disconnected", explanation(reason || FINAL_CODES[code]));
      return;
    }
    const maxDelay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures++);
    const delay = (maxDelay * (1 + Math.random())) / 2; // jitter: clients do not return all at once
    this.#retryAt = performance.now() + delay;
    const what = reason ? `Connection lost: ${reason}` : "No connection";
    this.#listener.onState("waiting", "Reconnecting", explanation(what));
    this.#countDown(this.#retryAt);
  }

  /** @param {number} retryAt */
  #countDown(retryAt) {
    const left = retryAt - performance.now();
    if (left <= 0) {
      this.connect();
      return;
    }
    // A retry takes place offline, too: a server on the same machine is reachable.
    const status = navigator.onLine ? "Reconnecting" : "Offline, retry";
    this.#listener.onCountdown(status, Math.ceil(left / 1000));
    this.#timer = setTimeout(() => this.#countDown(retryAt), left % 1000 || 1000);
  }

  #retryNow() {
    if (this.#retryAt !== undefined) this.connect();
  }

  /** The connection may be dead without an event for minutes, and messages would be lost. */
  #offline() {
    if (!this.#socket) return;
    // A close frame would end the session. A client that resumes leaves it to the server, which
    // closes the old connection when the new one arrives.
    if (!this.#canResume) this.#socket.close();
    this.#lost(1006, "");
  }
}

/** @param {string} what */
function explanation(what) {
  return `${what[0].toUpperCase()}${what.slice(1).replace(/[^.!?]$/, "$&.")} What you type is kept.`;
}
