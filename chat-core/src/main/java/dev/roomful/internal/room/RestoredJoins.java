package dev.roomful.internal.room;

import dev.roomful.admission.Rejection;
import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.state.Applied;
import dev.roomful.internal.state.DecodedEvent;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.RoomEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins of this node whose entries were read while the state of the room was restored. They change
 * the state only: if a connection took part at once, it would receive what the connections before
 * it have missed. Used by the replica of the room's log only.
 */
final class RestoredJoins {
  private record RestoredJoin(LogSubmission submission, JoinAttempt attempt, Applied applied) {}

  private final LiveRoom room;
  private final List<RestoredJoin> joins = new ArrayList<>();

  RestoredJoins(LiveRoom room) {
    this.room = room;
  }

  /** Applies a join to the state, and keeps it until {@link #complete}. */
  @Nullable Applied apply(
      DecodedEvent joined, LogEntry entry, LogSubmission submission, JoinAttempt attempt) {
    Applied applied = room.locked(() -> room.state.apply(joined.event(), entry, joined.epoch()));
    if (applied != null && !applied.isRejected()) {
      joins.add(new RestoredJoin(submission, attempt, applied));
    }
    return applied;
  }

  boolean contains(LogSubmission submission) {
    return joins.stream().anyMatch(join -> join.submission() == submission);
  }

  /** Lets the connections take part; called with no lock held. */
  void complete() {
    List<RestoredJoin> all = List.copyOf(joins);
    joins.clear();
    for (RestoredJoin join : all) {
      boolean done = false;
      while (!done) {
        join.attempt().evaluateRules(room);
        done =
            room.events.locked(
                () -> {
                  if (!room.joins.hasVerdicts(join.attempt())) {
                    return false;
                  }
                  complete(join);
                  return true;
                });
      }
    }
  }

  /** Called with the lock held; a connection that does not take part leaves as a ghost. */
  private void complete(RestoredJoin join) {
    RoomEvent.Joined joined = (RoomEvent.Joined) join.submission().event;
    MemberState member = room.state.member(joined.id());
    if (join.submission().applied.isDone()) {
      return; // who waited for it has given up
    }
    if (member == null
        || member != join.applied().member()
        || member.connections().stream().noneMatch(one -> one.id().equals(joined.connectionId()))) {
      join.submission().givenUp(); // later entries have removed it
      return;
    }
    Rejection rejection = room.joins.attach(join.attempt());
    if (rejection == null) {
      room.joins.joined(join.attempt(), join.applied());
    }
    join.submission()
        .applied
        .complete(rejection == null ? join.applied() : Applied.rejected(rejection));
  }
}
