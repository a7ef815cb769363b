package dev.roomful;

import java.util.ArrayList;
import java.util.List;

/** A participant's presence in one room, with the connections it has there; guarded by the room. */
final class Member {
  final Participant participant;
  final List<Seat> seats = new ArrayList<>(1);

  /** Whether its leaving has been told; only the participant's turns touch it. */
  boolean left;

  Member(Participant participant) {
    this.participant = participant;
  }
}
