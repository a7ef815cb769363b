package dev.roomful.internal.room;

import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.RoomOptions;

/** Rejects limits and room options that are in range each, but contradict each other. */
public final class SettingsCheck {
  /** RFC 6455 section 5.2, for a frame that is not masked. */
  private static final int MAX_FRAME_HEADER = 10;

  private SettingsCheck() {}

  /**
   * Checks limits.
   *
   * @throws IllegalArgumentException if two of them contradict each other
   */
  public static void check(Limits limits) {
    if ((long) limits.messageBytes() + MAX_FRAME_HEADER > limits.outboxBytes() / 2) {
      throw new IllegalArgumentException(
          "messageBytes is "
              + limits.messageBytes()
              + ", but a message that is sent has, with its frame header, at most half of"
              + " outboxBytes, which is "
              + limits.outboxBytes()
              + ": nobody could receive the largest messages; lower Limits.withMessageBytes or"
              + " raise Limits.withOutboxBytes");
    }
    if (limits.pingInterval().compareTo(limits.idleTimeout()) >= 0) {
      throw new IllegalArgumentException(
          "pingInterval is "
              + limits.pingInterval()
              + ", but idleTimeout is "
              + limits.idleTimeout()
              + ": a ping could not be answered in time; lower Limits.withPingInterval or raise"
              + " Limits.withIdleTimeout");
    }
  }

  /**
   * Checks the options of a room.
   *
   * @param rooms which rooms they are for, for the text of the error
   * @throws IllegalArgumentException if they contradict the limits
   */
  public static void check(Limits limits, String rooms, RoomOptions options) {
    History history = options.history();
    if (history.messages() > 0 && history.bytes() > limits.historyBytes()) {
      throw new IllegalArgumentException(
          "the history of "
              + rooms
              + " stores "
              + history.bytes()
              + " bytes, but historyBytes, the bound of all histories together, is "
              + limits.historyBytes()
              + "; lower History.withBytes or raise Limits.withHistoryBytes");
    }
    if (history.messages() > 0 && history.bytes() < limits.messageBytes()) {
      throw new IllegalArgumentException(
          "the history of "
              + rooms
              + " stores "
              + history.bytes()
              + " bytes, but messageBytes is "
              + limits.messageBytes()
              + ": it could not store the largest messages; raise History.withBytes or lower"
              + " Limits.withMessageBytes");
    }
  }
}
