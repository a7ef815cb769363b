package dev.roomful.internal.room;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.delivery.PayloadEncoder;
import dev.roomful.internal.delivery.RetryingExecutor;
import dev.roomful.internal.delivery.WriteLoops;
import dev.roomful.internal.observation.ChatEvents;
import dev.roomful.transport.Scheduler;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the rooms of one chat share.
 *
 * @param chat the chat, for applications
 * @param limits the limits of the chat
 * @param scheduler time and threads
 * @param writeLoops where frames are written
 * @param callbacks runs tasks of participants on the callback executor
 * @param payloadEncoder encodes payloads
 * @param calls calls the application's handler
 * @param events counts and reports what happens
 * @param cluster the node of the cluster that the chat is, or null
 * @param remoteParticipants provides the participants of other nodes, in a cluster
 */
public record RoomEnvironment(
    Chat chat,
    Limits limits,
    Scheduler scheduler,
    WriteLoops writeLoops,
    RetryingExecutor callbacks,
    PayloadEncoder payloadEncoder,
    HandlerCalls calls,
    ChatEvents events,
    @Nullable ClusterNode cluster,
    Supplier<RemoteParticipants> remoteParticipants) {
  /** {@return the participants of other nodes; only in a cluster} */
  RemoteParticipants remote() {
    return remoteParticipants.get();
  }

  /** {@return this node's clock in milliseconds, which does not go back} */
  long monotonicMillis() {
    return scheduler.nanoTime() / 1_000_000;
  }

  boolean isClustered() {
    return cluster != null;
  }
}
