package dev.roomful.internal.session;

import dev.roomful.Payload;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.internal.cluster.LogReplica;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.state.ParticipantEvent;
import dev.roomful.internal.state.ParticipantState.Change;
import dev.roomful.internal.state.ParticipantState.SessionRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions that continue those of other nodes, and what these nodes hand over to them. */
public final class ClusterResumption {
  private final ClusterParticipants participants;
  private final RoomEnvironment environment;

  /** Sessions that wait for what the session before has not sent, by connection id. */
  private final Map<String, CompletableFuture<List<Payload>>> handovers = new ConcurrentHashMap<>();

  ClusterResumption(ClusterParticipants participants, RoomEnvironment environment) {
    this.participants = participants;
    this.environment = environment;
  }

  /**
   * Lets a new session take the place of the one of another node that has its secret; blocks.
   *
   * @return the rooms of that session, or empty if there is none
   */
  public Optional<Set<String>> resume(Session session, AcceptedAdmission admission) {
    String secret = admission.resumeSecret();
    String id = admission.id();
    if (secret == null || secret.isEmpty()) {
      return Optional.empty();
    }
    String hash = ClusterParticipants.hash(secret);
    ParticipantLog log = participants.loaded(id);
    if (log == null || !log.hasSecret(hash)) {
      return Optional.empty();
    }
    CompletableFuture<List<Payload>> handover = new CompletableFuture<>();
    handovers.put(session.id(), handover);
    Change change =
        participants.await(
            log.call(
                ParticipantEvent.resumed(
                    session.id(), hash, session.participant().name(), admission.room())));
    if (change == null || change.ended().isEmpty()) {
      handovers.remove(session.id());
      return Optional.empty();
    }
    Set<String> earlierRooms = new LinkedHashSet<>();
    boolean reachable = false;
    List<String> earlier = new ArrayList<>();
    for (SessionRecord ended : change.ended()) {
      earlierRooms.addAll(ended.rooms());
      earlier.add(ended.connectionId());
      reachable |= !ended.isOrphan();
    }
    if (!reachable) {
      handover.complete(List.of());
    }
    session.beginTakeOver(secret, earlier, change.kept());
    return Optional.of(earlierRooms);
  }

  /** Waits for what the session before has not sent; it is lost if that node does not answer. */
  public List<Payload> awaitHandover(Session session) {
    CompletableFuture<List<Payload>> handover = handovers.get(session.id());
    if (handover == null) {
      return List.of();
    }
    environment.scheduler().await(handover, LogReplica.MAX_WAIT);
    handovers.remove(session.id());
    return handover.getNow(List.of());
  }

  /** A session of this node was resumed on another one, which is given what it has not sent. */
  void handOver(ParticipantLog log, String id, ParticipantEvent event) {
    List<Session> resumed =
        participants.sessionsHere(id).stream()
            .filter(session -> !session.id().equals(event.connectionId()))
            .filter(session -> hasSecretHash(session, event.secretHash()))
            .toList();
    if (!resumed.isEmpty()) {
      environment
          .callbacks()
          .execute(
              () -> {
                List<Payload> unsent = new ArrayList<>();
                for (Session session : resumed) {
                  unsent.addAll(ParticipantLog.payloads(session.takenOver()));
                }
                log.append(ParticipantEvent.handedOver(event.connectionId(), unsent));
                resumed.get(0).participant().callbacks.run();
              });
    }
  }

  private static boolean hasSecretHash(Session session, String hash) {
    String secret = session.resumeSecret();
    return secret != null && ClusterParticipants.hash(secret).equals(hash);
  }

  void handedOver(ParticipantEvent event) {
    CompletableFuture<List<Payload>> handover = handovers.get(event.connectionId());
    if (handover != null) {
      handover.complete(event.payloads());
    }
  }
}
