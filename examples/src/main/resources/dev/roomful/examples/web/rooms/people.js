/** Who is in a room: users, each with the connections it has there. */
export class People {
  #users = new Map();

  get count() {
    return this.#users.size;
  }

  get users() {
    return this.#users.keys();
  }

  has(user) {
    return this.#users.has(user);
  }

  name(user) {
    return this.#users.get(user)?.name;
  }

  replace(clients) {
    this.#users.clear();
    for (const info of Object.values(clients)) this.join(info);
  }

  /** True if this user was not here before. */
  join(info) {
    const known = this.#users.get(info.user);
    const user = known ?? { user: info.user, clients: new Set() };
    user.name = nameOf(info);
    user.clients.add(info.client);
    this.#users.set(info.user, user);
    return !known;
  }

  /** True if this user is not here any more. */
  leave(info) {
    const user = this.#users.get(info.user);
    if (!user?.clients.delete(info.client) || user.clients.size > 0) return false;
    this.#users.delete(info.user);
    return true;
  }

  rename(user, name) {
    if (this.#users.has(user)) this.#users.get(user).name = name;
  }

  /** Those in charge first, then by name. */
  list(roles) {
    const rank = ({ user }) => ["owner", "moderator"].indexOf(roles.get(user)) >>> 0;
    return [...this.#users.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  }
}

/** The display name, without characters that would turn the words around it. */
export function nameOf(info) {
  return plain(info?.connInfo?.name || info?.user || "Somebody");
}

export function plain(words) {
  return String(words).replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, "");
}
