package dev.roomful.internal.room;

import dev.roomful.admission.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A participant's presence in one room, with the connections it has there; guarded by the room. */
public final class Member {
  final LiveParticipant participant;
  final List<Subscription> subscriptions = new ArrayList<>(1);

  /** The seats that are kept for connections that were lost. */
  final List<Subscription> suspended = new ArrayList<>(0);

  /** How many of both are listed in the room's presence; guarded by the room. */
  int listedConnections;

  /** Whether its leaving has been told; only the participant's turns touch it. */
  public boolean left;

  /** Changed under the room's lock, read by all. */
  volatile Role role;

  /** The role of the latest admission to the room; guarded by the room. */
  Role admittedRole;

  /** Whether it may see who is here; guarded by the room. */
  boolean seesParticipants = true;

  /** What nobody else here may be called like, if names are unique; guarded by the room. */
  @Nullable String nameKey;

  /** What the others hear when it has gone; guarded by the room. */
  @Nullable Notice leaveNotice;

  public Member(LiveParticipant participant, Role role) {
    this.participant = participant;
    this.role = role;
    this.admittedRole = role;
  }
}
