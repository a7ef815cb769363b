// @ts-check
import { HEARTBEAT, SilenceTimeout } from "./silence-timeout.js";

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
const STABLE_AFTER_MS = 5_000;
const CONNECT_TIMEOUT_MS = 15_000;
/** From then on the page says that the chat cannot be reached. */
const MANY_FAILURES = 3;

/** The reason with which a server that restarts closes its connections (`Limits.withReconnectDelay`). */
const RESTART_REASON = /^restarting, reconnect after (\d+) ms$/;

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
  4009: "Your access was withdrawn",
};

/**
 * @typedef {object} ConnectionOptions
 * @property {boolean} canResume whether the server keeps the session of a lost connection
 * @property {number} heartbeatMs how long the server sends nothing before it sends a heartbeat; 0 if
 *   it sends none
 *
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
  /** Undefined if the server sends no heartbeats. @type {SilenceTimeout | undefined} */
  #silence;
  /** The current one. Events of earlier sockets are ignored. @type {WebSocket | undefined} */
  #socket;
  /** @type {number | undefined} */
  #openSince;
  #failures = 0;
  /** The number of attempts since the last connection that was open. */
  #failedAttempts = 0;
  /** When to connect again; undefined if no retry is planned. @type {number | undefined} */
  #retryAt;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {URL} address read for each attempt, and may change in between
   * @param {ConnectionOptions} options
   * @param {ConnectionListener} listener
   */
  constructor(address, { canResume, heartbeatMs }, listener) {
    this.#address = address;
    this.#canResume = canResume;
    this.#listener = listener;
    if (heartbeatMs > 0) this.#silence = new SilenceTimeout(heartbeatMs, () => this.#abandon());
    addEventListener("online", () => this.#retryNow());
    addEventListener("offline", () => this.#abandon());
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
    this.#timer = setTimeout(() => this.#abandon(), CONNECT_TIMEOUT_MS); // browsers wait for minutes
    socket.onopen = () => {
      if (socket === this.#socket) this.#opened();
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#received(data);
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
    clearTimeout(this.#timer);
    this.#openSince = performance.now();
    this.#failedAttempts = 0;
    this.#silence?.received();
    this.#listener.onState("open", "Connected");
  }

  /** @param {unknown} data */
  #received(data) {
    this.#silence?.received();
    if (typeof data === "string" && !(this.#silence && data === HEARTBEAT)) this.#listener.onLine(data);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #lost(code, reason) {
    // Only a connection that was stable resets the delays: a server that accepts connections and
    // closes them at once must not get a new one without a pause.
    if (this.#openSince === undefined) this.#failedAttempts++;
    else if (performance.now() - this.#openSince > STABLE_AFTER_MS) this.#failures = 0;
    this.#silence?.stop();
    clearTimeout(this.#timer);
    this.#socket = undefined;
    if (code in FINAL_CODES) {
      this.#listener.onState("waiting", "Disconnected", explanation(reason || FINAL_CODES[code]));
      return;
    }
    const maxDelay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures++);
    const restart = RESTART_REASON.exec(reason); // each client is told another delay
    const delay = restart
      ? Number(restart[1])
      : (maxDelay * (1 + Math.random())) / 2; // jitter: clients do not return all at once
    this.#retryAt = performance.now() + delay;
    this.#listener.onState("waiting", "Reconnecting", explanation(this.#problem(reason)));
    this.#countDown(this.#retryAt);
  }

  /** @param {string} reason of the server */
  #problem(reason) {
    if (RESTART_REASON.test(reason)) return "The server restarts";
    if (reason) return `Connection lost: ${reason}`;
    return this.#failedAttempts < MANY_FAILURES
      ? "No connection"
      : "Cannot reach the chat. The server’s log may say why";
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

  /**
   * Reconnects without waiting until the browser reports the end of the connection. It may be dead
   * for minutes before that, and messages would be lost.
   */
  #abandon() {
    if (!this.#socket) return;
    // A close frame would end the session. A client that resumes leaves it to the server, which
    // closes the old connection when the new one arrives.
    if (!this.#canResume || this.#socket.readyState === WebSocket.CONNECTING) this.#socket.close();
    this.#lost(1006, "");
  }
}

/** @param {string} what */
function explanation(what) {
  return `${what[0].toUpperCase()}${what.slice(1).replace(/[^.!?]$/, "$&.")} What you type is kept.`;
}
