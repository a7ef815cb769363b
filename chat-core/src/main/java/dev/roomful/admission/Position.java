package dev.roomful.admission;

import java.util.Optional;

/**
 * Where a message is in its room: what a client that comes back resumes from. Offsets are dense
 * within an epoch: the first message has 1, the next one 2, whoever hears them. A room that was
 * forgotten and made again has another epoch, in which older positions mean nothing.
 *
 * @param epoch a short word for one life of a room, without a colon
 * @param offset 0 before the first message, then that of the latest one
 */
public record Position(String epoch, long offset) {
  /**
   * Checks both parts.
   *
   * @param epoch 1 to 32 characters, none of them a colon
   * @param offset at least 0
   * @throws IllegalArgumentException if one of them is out of range
   */
  public Position {
    if (epoch.isEmpty() || epoch.length() > 32 || epoch.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "an epoch has 1 to 32 characters and no colon, not \"" + epoch + "\"");
    }
    if (offset < 0) {
      throw new IllegalArgumentException("an offset is at least 0, not " + offset);
    }
  }

  /**
   * Reads what {@link #toString} wrote, such as a client sends when it comes back.
   *
   * @param text epoch and offset with a colon between them
   * @return the position, or nothing if the text is none: clients send anything
   */
  public static Optional<Position> parse(String text) {
    int colon = text.indexOf(':');
    return colon > 0 && colon <= 32 && text.substring(colon + 1).matches("\\d{1,18}")
        ? Optional.of(
            new Position(text.substring(0, colon), Long.parseLong(text.substring(colon + 1))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return epoch + ":" + offset;
  }
}
