// @ts-check
import "../../centrifuge/centrifuge.js";
import { Emitter } from "../../lib/emitter.js";
import { isFromServer } from "../../lib/errors.js";
import { retryWhileTemporary } from "../../lib/retry.js";
import { browserStorage, onOtherTabChange } from "../../lib/storage.js";
import { clientKey } from "./client-key.js";
import { JoinedRooms } from "./joined-rooms.js";
import { directRoomName, isDirectRoomName, isPrivateRoomName, otherUserOf, toRoomName } from "./names.js";
import { Room } from "./room.js";

/** @typedef {import("../../centrifuge/centrifuge.js").Subscription} Subscription */
/** @typedef {import("./typedefs.js").Person} Person */
/** @typedef {import("./typedefs.js").RoomDirectory} RoomDirectory */

/** The small build of the SDK has no exports. @type {typeof import("../../centrifuge/centrifuge.js").Centrifuge} */
const Centrifuge = /** @type {any} */ (globalThis).Centrifuge;

/** Relative to the page, which a proxy may serve below a path. */
const PATH = "connection/websocket";
const UNAUTHORIZED = 101;
const MAX_INVITATION_ATTEMPTS = 5;

/** The status with which the server answers what is not a WebSocket. */
const UPGRADE_REQUIRED = 426;

/**
 * The client of the chat: the connection to the server, and this user.
 *
 * Emits "state"; "self" when this user has another ID or name; and "rejected" when the server does
 * not accept the connection.
 *
 * @extends {Emitter<{ state: void, self: void, rejected: { code: number, reason: string } }>}
 */
export class ChatClient extends Emitter {
  /** @type {"idle" | "connecting" | "connected" | "disconnected"} */
  state = "idle";
  /** Whether it has been connected before. */
  wasConnected = false;
  /** Whether it connects with a token instead of a name. */
  hasToken = false;
  /** Why it is disconnected. */
  reason = "";
  /** The number of attempts to connect that have failed since the last connection. */
  failedAttempts = 0;
  /** Why the last attempt to connect was refused, if that is known. */
  refusal = "";
  /** This user. @type {Person} */
  self = { user: "", name: "" };
  rooms = new JoinedRooms((name, direct, isNew) => new Room(this, name, direct, isNew));
  #client;
  #isReconnecting = false;

  constructor() {
    super();
    const address = new URL(PATH, document.baseURI);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.#client = new Centrifuge(address.href, {
      name: "rooms",
      minReconnectDelay: 250,
      maxReconnectDelay: 5_000,
    });
    this.#client.on("connecting", () => this.#setState("connecting"));
    this.#client.on("connected", () => this.#connected());
    this.#client.on("error", ({ error }) => this.#attemptFailed(isFromServer(error) ? error.message : undefined));
    this.#client.on("disconnected", ({ code, reason }) => this.#disconnected(code, reason));
    this.#client.on("message", ({ data }) => {
      if (data?.direct) this.rooms.openedByOther(data.direct, data.direct.message === true);
      if (data?.invited) this.#invited(String(data.invited));
      if (data?.sanction) this.#sanctioned(data.sanction);
    });
    onOtherTabChange((key) => {
      this.rooms.otherTabChanged(key);
      if (key === "name" && !this.hasToken) this.#setNameToConnect(browserStorage.get("name"));
    });
  }

  /**
   * Connects as a user with a name, or as the user of a token.
   *
   * @param {{ name?: string, token?: string }} credentials
   */
  connect({ name, token }) {
    this.hasToken = token !== undefined;
    this.#client.setToken(token ?? "");
    if (this.hasToken) this.#client.setData(null);
    else this.#setNameToConnect(name);
    this.#client.connect();
  }

  /** Connects at once, without waiting for the next attempt. */
  reconnect() {
    this.#isReconnecting = true;
    this.#client.disconnect();
    this.#isReconnecting = false;
    this.#client.connect();
  }

  /**
   * Sets the name of the next connection.
   *
   * @param {string | undefined} name
   */
  #setNameToConnect(name) {
    this.#client.setData({ name, key: clientKey() });
  }

  /**
   * @param {ChatClient["state"]} state
   * @param {string} [reason]
   */
  #setState(state, reason = "") {
    this.state = state;
    this.reason = reason;
    this.emit("state");
  }

  #connected() {
    this.wasConnected = true;
    this.failedAttempts = 0;
    this.refusal = "";
    this.rooms.restore();
    this.#setState("connected");
    this.listRooms().catch(() => {}); // the room finder makes the request again and shows its error
  }

  /** @param {string} [refusal] why the server rejects the connection, if it was reached */
  async #attemptFailed(refusal) {
    if (this.state !== "connecting") return;
    this.failedAttempts++;
    this.refusal = refusal ?? this.refusal;
    this.emit("state");
    if (refusal !== undefined) return;
    const found = await findRefusal();
    if (this.state !== "connecting") return;
    this.refusal = found;
    this.emit("state");
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #disconnected(code, reason) {
    if (this.#isReconnecting) return;
    const isRejected = this.hasToken || code === UNAUTHORIZED || !this.wasConnected;
    this.#setState("disconnected", reason);
    if (isRejected) this.emit("rejected", { code, reason });
  }

  /** @param {Person} person */
  setSelf({ user, name }) {
    if (this.self.user === user && this.self.name === name) return;
    this.self = { user, name };
    this.emit("self");
  }

  /** @param {import("./typedefs.js").SanctionData & { room: string, kind: string }} sanction of this user */
  #sanctioned({ room, kind, ...data }) {
    if (kind === "ban" || kind === "mute") this.rooms.get(room)?.sanctions.set(kind, data);
  }

  /**
   * Calls a method of the server.
   *
   * @param {string} method
   * @param {object} [data]
   * @returns {Promise<any>} the server's answer
   */
  async call(method, data = {}) {
    const { data: answer } = await this.#client.rpc(method, data);
    return answer ?? {};
  }

  /**
   * Lists the rooms of the server. Joins the direct and the private rooms of this user.
   *
   * @returns {Promise<RoomDirectory>}
   */
  async listRooms() {
    /** @type {RoomDirectory} */
    const directory = await this.call("rooms");
    if (directory.you) this.setSelf(directory.you);
    for (const direct of directory.direct ?? []) this.rooms.joinDirect(direct, false);
    for (const name of directory.private ?? []) if (!this.rooms.has(name)) this.rooms.join(name, true);
    return directory;
  }

  /**
   * A member of a private room has invited this user. The node of this client may learn of it a
   * moment later than this user.
   *
   * @param {string} room
   */
  async #invited(room) {
    let attempts = 0;
    const join = async () => {
      await this.listRooms();
      if (!this.rooms.has(room)) throw { temporary: true };
    };
    await retryWhileTemporary(join, () => attempts++ < MAX_INVITATION_ATTEMPTS);
  }

  /**
   * Creates a private room.
   *
   * @param {string} name its title
   */
  async createPrivate(name) {
    const { room } = await this.call("create", { name });
    return this.rooms.join(room);
  }

  /**
   * Leaves a room; a private one on all devices of this user.
   *
   * @param {Room} room
   */
  async leave(room) {
    if (room.isPrivate) await this.call("leave", { room: room.name });
    this.rooms.leave(room);
  }

  /**
   * Opens the direct room with another user, without waiting for the server.
   *
   * @param {string} user
   * @param {string} name
   */
  openDirect(user, name) {
    return this.rooms.joinDirect({ room: directRoomName(this.self.user, user), user, name }, true);
  }

  /**
   * Joins the room that a link names, unless it is joined already. A link may spell the name as a
   * user would type it.
   *
   * @param {string} name
   * @returns {Room | undefined} undefined if no room can have that name
   */
  openByLink(name) {
    const joined = this.rooms.get(name);
    if (joined) return joined;
    if (isDirectRoomName(name)) {
      const user = otherUserOf(name, this.self.user);
      return user ? this.rooms.joinDirect({ room: name, user, name: "" }, true) : this.rooms.join(name);
    }
    const roomName = isPrivateRoomName(name) ? name : toRoomName(name);
    return roomName ? this.rooms.join(roomName) : undefined;
  }

  /**
   * Changes the display name of this user.
   *
   * @param {string} name
   */
  async rename(name) {
    const answer = await this.call("name", { name });
    browserStorage.set("name", name);
    this.#setNameToConnect(name);
    this.setSelf({ user: this.self.user, name: answer.name ?? name });
  }

  /**
   * Creates the subscription of a room, which is not active yet.
   *
   * @param {string} room
   */
  subscribe(room) {
    return this.#client.newSubscription(room, { joinLeave: true, positioned: true, recoverable: true });
  }

  /** @param {Subscription} subscription */
  unsubscribe(subscription) {
    this.#client.removeSubscription(subscription);
  }
}

/**
 * Returns why no WebSocket can be opened, or "" if the server does not answer. A browser does not
 * say it, so the page asks for something else at the same address.
 */
async function findRefusal() {
  try {
    const { status } = await fetch(PATH, { cache: "no-store" });
    return status === UPGRADE_REQUIRED
      ? `the server has too many connections, or it has to be started with --allow-origin ${location.origin}`
      : `the server answers with status ${status}`;
  } catch {
    return "";
  }
}
