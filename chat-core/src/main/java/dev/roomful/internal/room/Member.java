package dev.roomful.internal.room;

import dev.roomful.internal.state.MemberState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A participant with connections to this node in one room; guarded by the room. */
public final class Member {
  final LiveParticipant participant;
  private @Nullable MemberState state; // null until the log has accepted its join
  List<Subscription> subscriptions = List.of();

  /** Subscriptions whose connection has closed, and that wait to be resumed or to leave. */
  List<Subscription> suspended = List.of();

  /** Whether it has left the room; used by the participant's callbacks only. */
  public boolean left;

  /** Whether others count it as left, with this node. */
  boolean lost;

  Member(LiveParticipant participant) {
    this.participant = participant;
  }

  /** The log has accepted its join, or a snapshot has replaced the state of the room. */
  void setState(MemberState newState) {
    state = newState;
  }

  /** {@return what all nodes know about it} */
  public MemberState state() {
    return Objects.requireNonNull(state, "the state of a member that has joined");
  }

  List<Subscription> all() {
    List<Subscription> all = new ArrayList<>(suspended);
    all.addAll(subscriptions);
    return all;
  }
}
