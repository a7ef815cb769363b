package dev.roomful.admission;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The position of a message in its room, from which a client resumes. Offsets are dense within an
 * epoch: the first message has 1, the next one 2, whoever receives them. A room that was removed
 * and created again has another epoch, in which older positions mean nothing.
 *
 * @param epoch identifies one lifetime of a room, without a colon
 * @param offset 0 before the first message, then that of the newest one
 */
public record Position(String epoch, long offset) {
  private static final Pattern OFFSET = Pattern.compile("[0-9]{1,19}");

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
   * Reads what {@link #toString} wrote, as a client sends it when it resumes.
   *
   * @param text epoch and offset with a colon between them
   * @return the position, or empty if the text is not a position
   */
  public static Optional<Position> parse(String text) {
    int colon = text.indexOf(':');
    String digits = text.substring(colon + 1);
    if (colon < 1 || colon > 32 || !OFFSET.matcher(digits).matches()) {
      return Optional.empty();
    }
    BigInteger offset = new BigInteger(digits);
    return offset.bitLength() < Long.SIZE
        ? Optional.of(new Position(text.substring(0, colon), offset.longValue()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return epoch + ":" + offset;
  }
}
