package dev.roomful.internal.room;

import dev.roomful.JoinInfo;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.admission.Position;
import java.util.List;
import java.util.Optional;

/** The state of a room at the moment when a connection joined it. */
public record JoinSnapshot(
    Room room,
    Participant participant,
    Position position,
    boolean recovered,
    int replayed,
    List<Participant> participants,
    boolean resumed,
    Optional<String> resumeSecret)
    implements JoinInfo {

  /** Without the secret, which must not be logged. */
  @Override
  public String toString() {
    return participant + " into " + room + " at " + position + (resumed ? ", resumed" : "");
  }
}
