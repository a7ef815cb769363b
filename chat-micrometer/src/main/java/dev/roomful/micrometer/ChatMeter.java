package dev.roomful.micrometer;

import dev.roomful.ChatStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The meters that are read from {@link ChatStats}. */
enum ChatMeter {
  SESSIONS(
      Kind.GAUGE, "sessions", "connections that are open or being closed", ChatStats::sessions),
  SESSIONS_SUSPENDED(
      Kind.GAUGE,
      "sessions",
      "sessions without a connection that their clients can resume",
      ChatStats::suspendedSessions),
  ROOMS(Kind.GAUGE, "rooms", "rooms that exist", ChatStats::rooms),
  PARTICIPANTS(Kind.GAUGE, "participants", "participants of this node", ChatStats::participants),
  OUTBOX_QUEUED(
      Kind.GAUGE,
      "bytes",
      "bytes in all outboxes, writes in flight included",
      ChatStats::queuedBytes),
  OUTBOX_AGE(
      Kind.TIME_GAUGE,
      "seconds",
      "age of the oldest write that has not completed",
      stats -> seconds(stats, ChatStats::outboxAge)),
  CLUSTER_CONNECTED(
      Kind.GAUGE,
      "",
      "1 if the cluster engine can be reached or there is no cluster, otherwise 0",
      stats -> stats.health().isConnected() ? 1 : 0),
  CLUSTER_WAITING(
      Kind.GAUGE,
      "events",
      "events of this node that wait until the cluster orders them",
      stats -> stats.health().waiting()),
  CLUSTER_LAG(
      Kind.TIME_GAUGE,
      "seconds",
      "age of the oldest of these events",
      stats -> seconds(stats, ChatStats::clusterLag)),
  SESSIONS_OPENED(Kind.COUNTER, "sessions", "sessions that were opened", ChatStats::sessionsOpened),
  MESSAGES_RECEIVED(
      Kind.COUNTER,
      "messages",
      "messages of clients, those that were rejected included",
      ChatStats::messagesReceived),
  MESSAGES_PUBLISHED(
      Kind.COUNTER,
      "messages",
      "messages and signals that were queued for the members of a room",
      ChatStats::messagesPublished),
  DELIVERIES(
      Kind.COUNTER, "frames", "frames that were given to connections", ChatStats::deliveries),
  WRITTEN(Kind.COUNTER, "bytes", "bytes of these frames", ChatStats::bytesWritten),
  BATCHES(
      Kind.COUNTER,
      "batches",
      "writes to connections, each with the frames that waited",
      ChatStats::batches),
  CALLBACKS_FAILED(
      Kind.COUNTER,
      "calls",
      "callbacks of the application that failed, those of options included",
      ChatStats::failedCallbacks),
  OBSERVERS_FAILED(
      Kind.COUNTER, "calls", "calls of observers that failed", ChatStats::failedObservers);

  private enum Kind {
    GAUGE,
    TIME_GAUGE,
    COUNTER
  }

  private final Kind kind;
  private final String unit;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
  private final ToDoubleFunction<ChatStats> value;

  ChatMeter(Kind kind, String unit, String description, ToDoubleFunction<ChatStats> value) {
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.value = value;
  }

  private static double seconds(ChatStats stats, Function<ChatStats, Duration> duration) {
    return duration.apply(stats).toNanos() / 1e9;
  }

  String meterName() {
    return "roomful." + name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** Registers the meter; the registry keeps the chat in memory until it is removed. */
  Meter register(MeterRegistry registry, Tags tags, RecentStats stats) {
    String unitOrNull = unit.isEmpty() ? null : unit;
    return switch (kind) {
      case GAUGE ->
          Gauge.builder(meterName(), stats, one -> value.applyAsDouble(one.get()))
              .strongReference(true)
              .description(description)
              .baseUnit(unitOrNull)
              .tags(tags)
              .register(registry);
      case TIME_GAUGE ->
          TimeGauge.builder(
                  meterName(), stats, TimeUnit.SECONDS, one -> value.applyAsDouble(one.get()))
              .strongReference(true)
              .description(description)
              .tags(tags)
              .register(registry);
      case COUNTER ->
          FunctionCounter.builder(meterName(), stats, one -> value.applyAsDouble(one.get()))
              .description(description)
              .baseUnit(unitOrNull)
              .tags(tags)
              .register(registry);
    };
  }
}
