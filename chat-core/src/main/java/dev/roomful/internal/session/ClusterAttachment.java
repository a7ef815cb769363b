package dev.roomful.internal.session;

import dev.roomful.internal.room.Subscription;
import dev.roomful.internal.state.ParticipantState.Change;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the other nodes of a cluster know about a session, and which of theirs it continues. */
final class ClusterAttachment {
  private final Session session;
  private final ClusterParticipants cluster;

  /** Whether other nodes know the session. */
  private volatile boolean attached;

  /** Completes when they do. */
  private volatile CompletableFuture<@Nullable Change> known =
      CompletableFuture.completedFuture(null);

  private volatile boolean takenOver;
  private volatile List<String> replacedConnectionIds = List.of();

  ClusterAttachment(Session session, ClusterParticipants cluster) {
    this.session = session;
    this.cluster = cluster;
  }

  /** The session is known to other nodes from now on. */
  void attach() {
    attached = true;
    known = cluster.attached(session);
  }

  /** Waits until other nodes know the session; returns whether they do. */
  boolean awaitKnown() {
    return cluster.awaitKnown(known);
  }

  /** The session has joined or left a room that is not the one of its admission. */
  void roomsChanged(Subscription subscription, boolean joined) {
    if (attached && session.endpoint == null) {
      cluster.subscriptionChanged(session, subscription.room.name(), joined);
    }
  }

  /** The session has ended for good. */
  void detach() {
    if (attached && !takenOver) {
      cluster.detached(session);
    }
  }

  /** {@return whether a session of another node has taken its place} */
  boolean isTakenOver() {
    return takenOver;
  }

  void takenOver() {
    takenOver = true;
  }

  /** The session takes the place of these connections to another node, in whose log it is. */
  void replace(List<String> connectionIds) {
    replacedConnectionIds = List.copyOf(connectionIds);
    attached = true;
  }

  /** {@return the connections to another node whose place it takes} */
  List<String> replacedConnectionIds() {
    return replacedConnectionIds;
  }
}
