// @ts-check

// The first line in a room: its name, the position, the number of older lines that follow, and the
// key with which this client resumes.
const WELCOME = /^\* welcome (\S+) ([^\s:]+):(\d+) (\d+) (\S+) here: /;
const ROOM_LINE = /^\[([^\]]+)\] /;

/**
 * Follows the position of this client in each room, so that it can resume after a lost connection.
 * Each line of a room moves the position on by one, except the older lines after a welcome.
 */
export class ResumePositions {
  /** The key of the last welcome. @type {string | undefined} */
  key;
  /** By room. @type {Map<string, { epoch: string, offset: number, older: number }>} */
  #positions = new Map();

  /**
   * Applies a line that the server sent.
   *
   * @param {string} line
   * @returns {string} the line to show, which does not contain the key
   */
  apply(line) {
    const welcome = WELCOME.exec(line);
    if (!welcome) {
      this.#advance(line);
      return line;
    }
    const [start, room, epoch, offset, older, key] = welcome;
    this.#positions.set(room, { epoch, offset: Number(offset), older: Number(older) });
    this.key = key;
    return `* welcome to ${room}, here: ${line.slice(start.length)}`;
  }

  /** @param {string} line */
  #advance(line) {
    const position = this.#positions.get(ROOM_LINE.exec(line)?.[1] ?? "");
    if (!position) return;
    if (position.older > 0) position.older--;
    else position.offset++;
  }

  /** The positions as the server expects them: ROOM@EPOCH:OFFSET,… */
  toString() {
    return [...this.#positions].map(([room, { epoch, offset }]) => `${room}@${epoch}:${offset}`).join(",");
  }
}
