import { Centrifuge } from "/centrifuge/index.mjs";
import { Emitter } from "./emitter.js";
import { plain } from "./people.js";
import { READ } from "./reads.js";
import { Room } from "./room.js";
import { local, onOtherTab, ownKey } from "./store.js";

const FIRST_ROOM = "lobby";

/**
 * The conversation with the server, and the rooms that were joined. Tells of changes: "state", "me",
 * "rooms" (joined or left), "unread", "refused" (the server does not let us in).
 */
export class Chat extends Emitter {
  state = "idle"; // idle, connecting, connected, closed
  wasConnected = false;
  reason = ""; // why it is closed
  me = { user: "", name: "" };
  rooms = new Map();

  constructor() {
    super();
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.client = new Centrifuge(`${scheme}//${location.host}/connection/websocket`, {
      name: "rooms",
      minReconnectDelay: 250,
      maxReconnectDelay: 5_000,
    });
    this.client.on("connecting", () => this.#become("connecting"));
    this.client.on("connected", () => this.#connected());
    this.client.on("disconnected", ({ code, reason }) => this.#disconnected(code, reason));
    this.client.on("message", ({ data }) => data?.direct && this.#direct(data.direct, true));
    onOtherTab((key) => this.#otherTab(key));
  }

  /** Comes in as somebody with a name, or with a token that says who it is. */
  enter({ name, token }) {
    this.hasToken = token !== undefined;
    this.client.setToken(token ?? "");
    this.client.setData(this.hasToken ? null : { name, key: ownKey() });
    this.client.connect();
  }

  #become(state, reason = "") {
    this.state = state;
    this.reason = reason;
    this.emit("state");
  }

  #connected() {
    const isFirst = !this.wasConnected;
    this.wasConnected = true;
    if (isFirst) for (const name of keptRooms()) this.#enter(name);
    this.#become("connected");
    this.overview().catch(() => {}); // asked for again when somebody looks for a room
  }

  #disconnected(code, reason) {
    if (this.isRetrying) return;
    const isAbout = this.hasToken || code === 101 || !this.wasConnected;
    this.#become("closed", reason);
    if (isAbout) this.emit("refused", { code, reason });
  }

  /** Now, instead of when it is time for it. */
  reconnect() {
    this.isRetrying = true;
    this.client.disconnect();
    this.isRetrying = false;
    this.client.connect();
  }

  is({ user, name }) {
    if (this.me.user === user && this.me.name === name) return;
    this.me = { user, name };
    this.emit("me");
  }

  /** All rooms that there are, and what one has with others. */
  async overview() {
    const all = await this.call("rooms");
    if (all.you) this.is(all.you);
    for (const direct of all.direct ?? []) this.#direct(direct, false);
    return all;
  }

  async call(method, data = {}) {
    const { data: answer } = await this.client.rpc(method, data);
    return answer ?? {};
  }

  async rename(name) {
    const answer = await this.call("name", { name });
    local.set("name", name);
    this.client.setData({ name, key: ownKey() });
    this.is({ user: this.me.user, name: answer.name ?? name });
  }

  join(name) {
    const room = this.#enter(name);
    this.#keep();
    return room;
  }

  #enter(name, direct, isNew = false) {
    const known = this.rooms.get(name);
    if (known) return known;
    const room = new Room(this, name, direct, isNew);
    this.rooms.set(name, room);
    room.on("unread", () => {
      if (room.unread > 0) this.hide(room, false);
      this.emit("unread");
    });
    room.on("people", () => this.#seen(room));
    room.on("state", () => this.emit("rooms"));
    this.emit("rooms");
    return room;
  }

  leave(room) {
    this.rooms.delete(room.name);
    room.close();
    this.#keep();
  }

  #keep() {
    local.set("rooms", [...this.rooms.values()].filter(({ direct }) => !direct).map(({ name }) => name));
    this.emit("rooms");
  }

  /** Opens the room that we have with somebody. */
  async direct(user, name) {
    const { room } = await this.call("direct", { user });
    return this.#direct({ room, user, name }, true);
  }

  #direct({ room, user, name }, isWanted) {
    const joined = this.#enter(room, { user, name: plain(name) }, true);
    if (isWanted) {
      this.renamed(user, plain(name));
      this.hide(joined, false);
    }
    return joined;
  }

  /** A closed conversation stays joined: it is shown again when there is something unread. */
  hide(room, hidden) {
    const all = new Set(local.get("hidden", []));
    if (all.has(room.name) === hidden) return;
    if (hidden) all.add(room.name);
    else all.delete(room.name);
    local.set("hidden", [...all]);
    this.emit("rooms");
  }

  isHidden(room) {
    return !!room.direct && local.get("hidden", []).includes(room.name);
  }

  /** Who is there says best what it is called. */
  #seen({ direct, people }) {
    if (!direct) return;
    direct.name = people.name(direct.user) ?? direct.name;
    this.emit("rooms");
  }

  renamed(user, name) {
    for (const room of this.rooms.values()) {
      if (room.direct?.user === user) room.direct.name = name;
    }
    this.emit("rooms");
  }

  get unread() {
    return [...this.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
  }

  #otherTab(key) {
    if (key.startsWith(READ)) this.rooms.get(key.slice(READ.length))?.emit("unread");
    else if (key === "hidden") this.emit("rooms");
    else if (key === "name" && !this.hasToken) this.client.setData({ name: local.get("name"), key: ownKey() });
    else if (key === "rooms" && this.wasConnected) this.#follow(new Set(keptRooms()));
  }

  #follow(names) {
    for (const room of [...this.rooms.values()]) {
      if (!room.direct && !names.has(room.name)) {
        this.rooms.delete(room.name);
        room.close();
      }
    }
    for (const name of names) this.#enter(name);
    this.emit("rooms");
  }
}

function keptRooms() {
  const kept = local.get("rooms");
  return Array.isArray(kept) ? kept.map(String) : [FIRST_ROOM];
}
