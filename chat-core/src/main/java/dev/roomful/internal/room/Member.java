package dev.roomful.internal.room;

import dev.roomful.admission.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A participant in one room, with its subscriptions there; guarded by the room. */
public final class Member {
  final LiveParticipant participant;
  final List<Subscription> subscriptions = new ArrayList<>(1);

  /** Subscriptions whose connection has closed, and that wait to be resumed or to leave. */
  final List<Subscription> suspended = new ArrayList<>(0);

  /** How many of all these are listed in the room's presence. */
  int listedConnections;

  /** Whether {@code onLeave} was called; used by the participant's callbacks only. */
  public boolean left;

  /** Changed with the room's lock held, read without it. */
  volatile Role role;

  /** The role of the latest admission to the room. */
  Role admittedRole;

  /** Whether its role may see the participants. */
  boolean seesParticipants = true;

  /** The key of its name that nobody else may have, or null if names are not unique. */
  @Nullable String nameKey;

  /** The notice that others receive when it leaves. */
  @Nullable Notice leaveNotice;

  public Member(LiveParticipant participant, Role role) {
    this.participant = participant;
    this.role = role;
    this.admittedRole = role;
  }
}
