package dev.roomful.internal.session;

import dev.roomful.Outcome;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.state.ParticipantEvent;
import dev.roomful.internal.state.ParticipantState.Change;
import dev.roomful.internal.state.Rejections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** What one node asks another one to do with a participant that is connected there. */
final class RemoteCalls {
  static final String JOIN = "join";
  static final String LEAVE = "leave";
  static final String RENAME = "rename";

  private final ClusterParticipants participants;
  private final RoomEnvironment environment;
  private final ClusterNode node;
  private final ParticipantRegistry registry;

  /** Calls of this node that were not answered yet, by number. */
  private final Map<Long, CompletableFuture<Outcome>> calls = new ConcurrentHashMap<>();

  RemoteCalls(
      ClusterParticipants participants,
      RoomEnvironment environment,
      ClusterNode node,
      ParticipantRegistry registry) {
    this.participants = participants;
    this.environment = environment;
    this.node = node;
    this.registry = registry;
  }

  /** Has the node of the participant's first session do something, and waits for the outcome. */
  Outcome call(String id, String operation, String argument) {
    ParticipantLog log = participants.loaded(id);
    if (log == null) {
      return Outcome.rejected(Rejections.unavailable());
    }
    long number = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    calls.put(number, outcome);
    try {
      Change change =
          participants.await(log.call(ParticipantEvent.called(number, operation, argument)));
      if (change != null && !change.reached()) {
        return Rejections.gone();
      }
      node.await(outcome);
      return outcome.getNow(Outcome.rejected(Rejections.unavailable()));
    } finally {
      calls.remove(number);
    }
  }

  void execute(ParticipantLog log, String id, ParticipantEvent event) {
    Consumer<Outcome> answer =
        outcome ->
            log.append(
                ParticipantEvent.returned(
                    event.number(),
                    outcome.rejection().map(Rejection::code).orElse(""),
                    outcome.rejection().map(Rejection::reason).orElse("")));
    environment
        .callbacks()
        .execute(
            () ->
                answer.accept(
                    registry
                        .get(id)
                        .map(participant -> execute(participant, event))
                        .orElse(Rejections.gone())));
  }

  private static Outcome execute(LiveParticipant participant, ParticipantEvent event) {
    return switch (event.name()) {
      case JOIN -> participant.join(event.room(), HistoryRange.none());
      case LEAVE -> participant.leave(event.room());
      case RENAME -> participant.rename(event.room());
      default ->
          Outcome.rejected(
              Rejections.notFound("operation \"" + event.name() + "\" is of a later version"));
    };
  }

  void returned(ParticipantEvent event) {
    CompletableFuture<Outcome> outcome = calls.get(event.number());
    if (outcome != null) {
      outcome.complete(
          event.name().isEmpty()
              ? Outcome.done()
              : Outcome.rejected(new Rejection(409, event.name(), event.room())));
    }
  }
}
