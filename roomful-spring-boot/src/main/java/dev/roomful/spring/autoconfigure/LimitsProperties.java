package dev.roomful.spring.autoconfigure;

import dev.roomful.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the chat, with the defaults of {@link Limits}.
 *
 * @param messageSize Largest message of a client. A larger one closes its connection.
 * @param messagesPerSecond Sustained rate of messages of one connection; 0 for no limit.
 * @param messageBurst Number of messages that one connection may send at once.
 * @param participantMessagesPerSecond Sustained rate of messages of one participant; 0 for no
 *     limit.
 * @param participantMessageBurst Number of messages that one participant may send at once.
 * @param rateViolations Number of rejected messages after which a connection is closed.
 * @param outboxSize Largest amount that is queued for one connection.
 * @param writeTimeout Time after which a connection whose client does not read is closed.
 * @param pingInterval Time of silence after which a client is pinged.
 * @param idleTimeout Time of silence after which a connection is closed.
 * @param closeTimeout Time that a client has to answer a close frame.
 * @param shutdownTimeout Time that closing the chat may take, after the drain time.
 * @param drainTime Time over which a chat that closes spreads the end of its connections; 0 for all
 *     at once.
 * @param reconnectDelay Longest time after which clients of a chat that closes are asked to connect
 *     again; 0 for no hint.
 * @param resumeWindow Time for which the place of a lost client is kept; 0 for not at all.
 * @param roomsPerParticipant Number of rooms that one participant may be in.
 * @param rooms Number of rooms.
 * @param historySize Largest size of all histories together.
 * @param connections Number of connections. By default there is no limit.
 * @param connectionsPerParticipant Number of connections of one participant.
 * @param connectionsPerAddress Number of connections from one remote address. By default there is
 *     no limit.
 * @param sanctionsPerRoom Number of bans, and of mutes, of one room.
 */
record LimitsProperties(
    @DefaultValue("64KB") DataSize messageSize,
    @DefaultValue("50") int messagesPerSecond,
    @DefaultValue("100") int messageBurst,
    @DefaultValue("0") int participantMessagesPerSecond,
    @DefaultValue("100") int participantMessageBurst,
    @DefaultValue("10") int rateViolations,
    @DefaultValue("1MB") DataSize outboxSize,
    @DefaultValue("10s") Duration writeTimeout,
    @DefaultValue("25s") Duration pingInterval,
    @DefaultValue("60s") Duration idleTimeout,
    @DefaultValue("5s") Duration closeTimeout,
    @DefaultValue("10s") Duration shutdownTimeout,
    @DefaultValue("0s") Duration drainTime,
    @DefaultValue("0s") Duration reconnectDelay,
    @DefaultValue("0s") Duration resumeWindow,
    @DefaultValue("128") int roomsPerParticipant,
    @DefaultValue("10000") int rooms,
    @DefaultValue("128MB") DataSize historySize,
    @Nullable Integer connections,
    @DefaultValue("64") int connectionsPerParticipant,
    @Nullable Integer connectionsPerAddress,
    @DefaultValue("10000") int sanctionsPerRoom) {

  Limits toLimits() {
    Limits limits =
        Limits.defaults()
            .withMessageBytes(PropertySizes.toInt("roomful.limits.message-size", messageSize))
            .withMessagesPerSecond(messagesPerSecond)
            .withMessageBurst(messageBurst)
            .withParticipantMessagesPerSecond(participantMessagesPerSecond)
            .withParticipantMessageBurst(participantMessageBurst)
            .withRateViolations(rateViolations)
            .withOutboxBytes(PropertySizes.toInt("roomful.limits.outbox-size", outboxSize))
            .withWriteTimeout(writeTimeout)
            .withPingInterval(pingInterval)
            .withIdleTimeout(idleTimeout)
            .withCloseTimeout(closeTimeout)
            .withShutdownTimeout(shutdownTimeout)
            .withDrainTime(drainTime)
            .withReconnectDelay(reconnectDelay)
            .withResumeWindow(resumeWindow)
            .withRoomsPerParticipant(roomsPerParticipant)
            .withRooms(rooms)
            .withHistoryBytes(historySize.toBytes())
            .withConnectionsPerParticipant(connectionsPerParticipant)
            .withSanctionsPerRoom(sanctionsPerRoom);
    if (connections != null) {
      limits = limits.withConnections(connections);
    }
    return connectionsPerAddress == null
        ? limits
        : limits.withConnectionsPerAddress(connectionsPerAddress);
  }
}
