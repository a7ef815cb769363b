package dev.roomful.internal.runtime;

import dev.roomful.ChatHealth;
import dev.roomful.ChatStats;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.delivery.WriteLoops;
import dev.roomful.internal.observation.ChatEvents;
import dev.roomful.internal.room.RoomEnvironment;
import dev.roomful.internal.room.RoomRegistry;
import dev.roomful.internal.session.ParticipantRegistry;
import dev.roomful.internal.session.Sessions;
import java.time.Duration;

/** The figures of a chat at one moment. */
record ChatFigures(
    int sessions,
    int suspendedSessions,
    int rooms,
    int participants,
    long queuedBytes,
    Duration outboxAge,
    long sessionsOpened,
    long sessionsClosed,
    long messagesReceived,
    long messagesPublished,
    long deliveries,
    long batches,
    long bytesWritten,
    long drops,
    long rejections,
    long failedCallbacks,
    long failedObservers,
    ChatHealth health,
    Duration clusterLag)
    implements ChatStats {
  static ChatFigures of(
      RoomEnvironment environment,
      RoomRegistry rooms,
      Sessions sessions,
      ParticipantRegistry participants,
      ChatHealth health,
      long now) {
    ChatEvents events = environment.events();
    WriteLoops writeLoops = environment.writeLoops();
    ClusterNode cluster = environment.cluster();
    return new ChatFigures(
        sessions.size(),
        sessions.suspendedSize(),
        rooms.size(),
        participants.size(),
        sessions.queuedBytes(),
        Duration.ofNanos(sessions.outboxAge(now)),
        sessions.opened(),
        events.sessionsClosed(),
        events.messagesReceived(),
        events.messagesPublished(),
        writeLoops.frames(),
        writeLoops.batches(),
        writeLoops.bytes(),
        events.drops(),
        events.rejections(),
        environment.calls().failures(),
        events.failedObservers(),
        health,
        Duration.ofNanos(cluster == null ? 0 : cluster.oldestWaiting()));
  }
}
