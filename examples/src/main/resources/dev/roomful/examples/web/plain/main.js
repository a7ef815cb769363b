// @ts-check
// The page of the examples that send plain text. The data attributes of the document say what
// differs between them:
//   data-socket      the path of the WebSocket; {id} stands for the ID of this page
//   data-pass-room   passes ?room=NAME of the page's address on to the WebSocket
//   data-pass-name   passes ?name=NAME on
//   data-resume      resumes the session after a lost connection
//   data-heartbeat   the seconds after which the server sends a heartbeat if it sends nothing else
import { find, setText } from "../lib/dom.js";
import { Connection } from "./connection.js";
import { LineList } from "./line-list.js";
import { ResumePositions } from "./resume-positions.js";

const options = document.documentElement.dataset;
const id = String(Date.now()); // constant for the page, so that it reconnects as the same client
const address = socketAddress();

const state = find("#state");
const status = find("[role=status]", HTMLElement, state);
const countdown = find(".countdown", HTMLElement, state);
const text = find("#text", HTMLInputElement);
const send = find("#send", HTMLButtonElement);
const reconnect = find(".reconnect");

const lines = new LineList(id, () => text.focus());
const positions = new ResumePositions();
const connectionOptions = {
  canResume: "resume" in options,
  heartbeatMs: 1_000 * Number(options.heartbeat ?? 0),
};
const connection = new Connection(address, connectionOptions, {
  onState: showState,
  onCountdown: (label, seconds) => {
    setText(status, label);
    setText(countdown, ` in ${seconds} s`);
  },
  onLine: (line) => lines.add("resume" in options ? trackPosition(line) : line),
});

function socketAddress() {
  const url = new URL((options.socket ?? "").replace("{id}", id), document.baseURI);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  if ("passRoom" in options) passParameter("room", url);
  if ("passName" in options) passParameter("name", url);
  const idField = document.querySelector("#id");
  if (idField) idField.textContent = id;
  return url;
}

/**
 * Passes a parameter of the page's address on to the WebSocket, and shows it.
 *
 * @param {string} name
 * @param {URL} url
 */
function passParameter(name, url) {
  const value = new URLSearchParams(location.search).get(name);
  if (!value) return;
  url.searchParams.set(name, value);
  const field = find(`#${name}`);
  field.textContent = value;
  if (field.parentElement) field.parentElement.hidden = false;
}

/**
 * Adds to the address what the next connection needs to resume. Returns the line to show.
 *
 * @param {string} line
 */
function trackPosition(line) {
  const shown = positions.apply(line);
  if (positions.key !== undefined) {
    address.searchParams.set("resume", positions.key);
    address.searchParams.set("since", String(positions));
  }
  return shown;
}

/**
 * @param {"connecting" | "open" | "waiting"} name
 * @param {string} label
 * @param {string} [explanation]
 */
function showState(name, label, explanation = "") {
  state.dataset.state = name;
  setText(status, label);
  setText(countdown, "");
  send.disabled = name !== "open";
  send.title = name === "open" ? "" : "Not connected: messages cannot be sent";
  reconnect.hidden = name !== "waiting";
  if (name === "connecting") return; // keeps the explanation, so that the layout does not jump
  find(".trouble").hidden = !explanation;
  setText(find("#reason"), explanation);
}

reconnect.addEventListener("click", () => {
  connection.reconnect();
  text.focus();
});
find("#send-form").addEventListener("submit", (event) => {
  event.preventDefault();
  text.focus();
  if (text.value.trim() && connection.send(text.value)) text.value = "";
});

connection.connect();
