package dev.roomful.internal.state;

import dev.roomful.CloseStatus;
import dev.roomful.admission.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event changed in the state of a room, or why it was rejected.
 *
 * @param rejection why it had no effect, or null
 * @param member the member that it is about, or null
 * @param connection the connection that was added, or null
 * @param memberJoined whether the member joined by this event
 * @param known whether others know it already: the added connection, as the one that it replaced;
 *     or a read mark
 * @param departures what left, per member
 * @param message the message with its position and time, or null
 */
public record Applied(
    @Nullable Rejection rejection,
    @Nullable MemberState member,
    @Nullable ConnectionState connection,
    boolean memberJoined,
    boolean known,
    List<Departure> departures,
    @Nullable RoomMessage message) {
  private static final Applied UNCHANGED =
      new Applied(null, null, null, false, false, List.of(), null);

  private static final Applied ALREADY_KNOWN =
      new Applied(null, null, null, false, true, List.of(), null);

  /**
   * Connections of one member that left.
   *
   * @param member the member
   * @param connections the connections
   * @param last whether the member left with them
   * @param status why
   * @param notice what others receive if the member left, or null
   */
  public record Departure(
      MemberState member,
      List<ConnectionState> connections,
      boolean last,
      CloseStatus status,
      @Nullable Notice notice) {}

  public static Applied unchanged() {
    return UNCHANGED;
  }

  /** Nothing changed that others do not know already. */
  static Applied alreadyKnown() {
    return ALREADY_KNOWN;
  }

  public static Applied rejected(Rejection rejection) {
    return new Applied(rejection, null, null, false, false, List.of(), null);
  }

  static Applied of(MemberState member) {
    return new Applied(null, member, null, false, false, List.of(), null);
  }

  static Applied of(RoomMessage message) {
    return new Applied(null, null, null, false, false, List.of(), message);
  }

  static Applied left(List<Departure> departures) {
    return new Applied(null, null, null, false, false, departures, null);
  }

  public boolean isRejected() {
    return rejection != null;
  }
}
