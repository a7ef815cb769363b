package dev.roomful.internal.session;

import dev.roomful.Payload;
import dev.roomful.cluster.LogEntry;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.cluster.LogMachine;
import dev.roomful.internal.cluster.LogReplica;
import dev.roomful.internal.cluster.Submission;
import dev.roomful.internal.state.ParticipantEvent;
import dev.roomful.internal.state.ParticipantEvent.Kind;
import dev.roomful.internal.state.ParticipantState;
import dev.roomful.internal.state.ParticipantState.Change;
import dev.roomful.internal.state.ParticipantState.SessionRecord;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The log of one participant: its sessions on all nodes, and what is sent to it alone. It is open
 * on each node that has a session of the participant, or that has sent it something lately.
 */
final class ParticipantLog implements LogMachine {
  /** The name of a participant's log; those of rooms begin otherwise. */
  private static final String PREFIX = "participant:";

  private final String id;
  private final ClusterNode node;
  private final ClusterParticipants participants;
  private final LogReplica replica;

  /** Guarded by itself: changed by the replica, read by all. */
  private final ParticipantState state;

  /** Completes when there is a session; guarded by the state. */
  private CompletableFuture<@Nullable Void> sessionKnown = new CompletableFuture<>();

  private boolean restoring;

  /** Whether the log was read at least once; used by the replica only. */
  private boolean restored;

  /** Whether all entries were understood. */
  private boolean complete = true;

  /** When it was last needed; guarded by the participants. */
  long usedAt;

  ParticipantLog(String id, ClusterNode node, ClusterParticipants participants, long resumeMillis) {
    this.id = id;
    this.node = node;
    this.participants = participants;
    this.state = new ParticipantState(resumeMillis);
    this.replica = new LogReplica(node, PREFIX + id, this);
  }

  /** Follows the log from now on. */
  void start() {
    replica.start();
  }

  /** An event of this node. */
  private static final class EventSubmission implements Submission {
    final ParticipantEvent event;
    final CompletableFuture<@Nullable Change> applied = new CompletableFuture<>();
    private final byte[] content;
    private final boolean expires;

    EventSubmission(ParticipantEvent event, boolean expires) {
      this.event = event;
      this.content = event.encode();
      this.expires = expires;
    }

    @Override
    public byte[] content() {
      return content;
    }

    @Override
    public boolean expires() {
      return expires;
    }

    @Override
    public void givenUp() {
      applied.complete(null);
    }
  }

  /** Appends an event that is not lost, whenever the engine can be reached. */
  void append(ParticipantEvent event) {
    replica.submit(new EventSubmission(event, false));
  }

  /** Appends that a session has begun, as {@link #append} does; completes when it is known. */
  CompletableFuture<@Nullable Change> attach(ParticipantEvent event) {
    return submit(new EventSubmission(event, false));
  }

  /** Appends an event; completes with what it changed, or with null if it was given up. */
  CompletableFuture<@Nullable Change> call(ParticipantEvent event) {
    return submit(new EventSubmission(event, true));
  }

  private CompletableFuture<@Nullable Change> submit(EventSubmission submission) {
    replica.submit(submission);
    return submission.applied;
  }

  boolean awaitLoaded() {
    return replica.awaitLoaded();
  }

  boolean isIdle() {
    return replica.waiting() == 0;
  }

  void close() {
    replica.close();
  }

  /** {@return the sessions on all nodes, the oldest first} */
  List<SessionRecord> sessions() {
    synchronized (state) {
      return List.copyOf(state.sessions());
    }
  }

  /** {@return whether there is a session that can be resumed with the secret} */
  boolean hasSecret(String secretHash) {
    synchronized (state) {
      return state.find(secretHash) != null;
    }
  }

  @Override
  public boolean apply(LogEntry entry, byte[] content, @Nullable Submission own) {
    if (!entry.node().equals(node.incarnation())) {
      node.seen(entry.node());
    }
    EventSubmission submission = (EventSubmission) own;
    ParticipantEvent event = submission == null ? decode(content) : submission.event;
    Change change;
    synchronized (state) {
      change = state.apply(event, entry);
    }
    if (change == null) {
      return false;
    }
    completeIfSessionIsKnown();
    if (!restoring) {
      show(event, change);
    }
    if (submission != null) {
      submission.applied.complete(change);
    }
    if (event.kind() == Kind.NODE_LOST && event.name().equals(node.incarnation())) {
      node.lost(event.name());
    }
    return true;
  }

  /** {@return completes when the participant has a session on any node} */
  CompletableFuture<@Nullable Void> session() {
    synchronized (state) {
      return state.sessions().isEmpty() ? sessionKnown : CompletableFuture.completedFuture(null);
    }
  }

  private void completeIfSessionIsKnown() {
    CompletableFuture<@Nullable Void> known;
    synchronized (state) {
      if (state.sessions().isEmpty()) {
        return;
      }
      known = sessionKnown;
      sessionKnown = new CompletableFuture<>();
    }
    known.complete(null);
  }

  private ParticipantEvent decode(byte[] content) {
    try {
      return ParticipantEvent.decode(content);
    } catch (IllegalArgumentException malformed) {
      LogEvent.PARTICIPANT_ENTRY_UNREADABLE.logFailure(
          () -> "An entry of a participant's log cannot be read; skipping it", malformed, id);
      complete = false;
      return ParticipantEvent.decode(new byte[0]);
    }
  }

  private void show(ParticipantEvent event, Change change) {
    switch (event.kind()) {
      case SENT -> {
        // If the log knows no session, the sender is told so and may send it again, although this
        // node may have a session whose begin is on its way into the log.
        if (change.reached()) {
          event.payloads().forEach(payload -> participants.sendHere(id, payload));
        }
      }
      case DISCONNECTED -> participants.disconnectHere(id, event);
      case RESUMED -> participants.resumption().handOver(this, id, event);
      case HANDED_OVER -> participants.resumption().handedOver(event);
      case CALLED -> {
        if (isFirstSessionHere()) {
          participants.calls().execute(this, id, event);
        }
      }
      case RETURNED -> participants.calls().returned(event);
      default -> {}
    }
  }

  private boolean isFirstSessionHere() {
    return sessions().stream()
        .filter(session -> !session.isOrphan())
        .findFirst()
        .filter(session -> session.node().equals(node.incarnation()))
        .isPresent();
  }

  @Override
  public void beginRestore(byte @Nullable [] snapshot) {
    restoring = true;
    synchronized (state) {
      state.restore(snapshot);
    }
  }

  @Override
  public void endRestore() {
    restoring = false;
    completeIfSessionIsKnown();
    nodes().forEach(node::seen);
    Set<String> here = new HashSet<>();
    for (Session session : participants.sessionsHere(id)) {
      here.add(session.id());
    }
    List<SessionRecord> known = sessions();
    for (SessionRecord session : known) {
      if (session.node().equals(node.incarnation()) && !here.contains(session.connectionId())) {
        append(ParticipantEvent.detached(session.connectionId()));
      }
      if (session.node().equals(node.incarnation())) {
        here.remove(session.connectionId());
      }
    }
    if (restored) {
      attachAgain(here); // the first time, they are on their way into the log
    }
    restored = true;
  }

  @Override
  public void incarnationChanged() {
    Set<String> all = new HashSet<>();
    participants.sessionsHere(id).forEach(session -> all.add(session.id()));
    attachAgain(all);
  }

  private void attachAgain(Set<String> connectionIds) {
    for (Session session : participants.sessionsHere(id)) {
      if (connectionIds.contains(session.id())) {
        append(ClusterParticipants.attachedEvent(session));
        session
            .rooms()
            .forEach(room -> append(ParticipantEvent.subscribed(session.id(), room.name())));
      }
    }
  }

  @Override
  public byte[] snapshot() {
    synchronized (state) {
      return state.encode();
    }
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public long lastSequence(String incarnation) {
    synchronized (state) {
      return state.nodes().last(incarnation);
    }
  }

  @Override
  public Set<String> nodes() {
    Set<String> nodes = new HashSet<>();
    for (SessionRecord session : sessions()) {
      if (!session.isOrphan() && !session.node().equals(node.incarnation())) {
        nodes.add(session.node());
      }
    }
    return nodes;
  }

  @Override
  public boolean isLost(String incarnation) {
    synchronized (state) {
      return state.nodes().isLost(incarnation);
    }
  }

  @Override
  public Submission nodeLost(String lost) {
    return new EventSubmission(ParticipantEvent.nodeLost(lost), false);
  }

  /** {@return whether a node has sessions, as far as is known} */
  boolean isNodePresent(String name) {
    return replica.isLoaded()
        && sessions().stream().anyMatch(session -> session.node().equals(name));
  }

  /** {@return whether all sessions are on this node, as far as is known} */
  boolean isHereOnly() {
    return replica.isLoaded()
        && sessions().stream().allMatch(session -> session.node().equals(node.incarnation()));
  }

  /** Payloads of frames that a session has not written. */
  static List<Payload> payloads(List<Frame> frames) {
    List<Payload> payloads = new ArrayList<>();
    for (Frame frame : frames) {
      payloads.add(frame.isText() ? Payload.text(frame.text()) : Payload.bytes(frame.payload()));
    }
    return payloads;
  }
}
