package dev.roomful.micrometer;

import static java.util.Objects.requireNonNull;

import dev.roomful.ChatObserver.Attempt;
import dev.roomful.ChatObserver.Drop;
import dev.roomful.CloseStatus;
import dev.roomful.admission.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of events. Those with a known set of tags exist from the start, so that a rate can be
 * computed from the first event on.
 */
final class EventMeters {
  static final String CALLBACK = "roomful.callback";
  static final String FAN_OUT = "roomful.fanout";
  static final String SESSIONS_CLOSED = "roomful.sessions.closed";
  static final String REJECTIONS = "roomful.rejections";
  static final String DROPS = "roomful.drops";

  static final List<String> CALLBACKS =
      List.of("onJoin", "onLeave", "onMessage", "onRejected", "onUpdate");

  private final MeterRegistry registry;
  private final Tags tags;
  private final CodeTag codes = new CodeTag();
  private final Timer fanOut;
  private final Map<String, Timer> succeeded = new ConcurrentHashMap<>();
  private final Map<String, Timer> failed = new ConcurrentHashMap<>();
  private final Map<Drop, Counter> drops = new EnumMap<>(Drop.class);
  private final Map<String, Counter> closes = new ConcurrentHashMap<>();

  /** By attempt, and then by code. */
  private final Map<Attempt, Map<String, Counter>> rejections = new EnumMap<>(Attempt.class);

  EventMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    fanOut =
        Timer.builder(FAN_OUT)
            .description("time to queue a message or a signal for its recipients")
            .tags(tags)
            .register(registry);
    CALLBACKS.forEach(
        callback -> {
          callback(callback, false);
          callback(callback, true);
        });
    for (Drop drop : Drop.values()) {
      drops.put(
          drop,
          Counter.builder(DROPS)
              .description("frames that were dropped for connections that remain open")
              .baseUnit("frames")
              .tags(tags.and("reason", label(drop)))
              .register(registry));
    }
    for (Attempt attempt : Attempt.values()) {
      rejections.put(attempt, new ConcurrentHashMap<>());
    }
    CloseReasonTag.values().forEach(this::close);
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  Timer fanOut() {
    return fanOut;
  }

  Timer callback(String callback, boolean hasFailed) {
    return (hasFailed ? failed : succeeded)
        .computeIfAbsent(
            callback,
            name ->
                Timer.builder(CALLBACK)
                    .description("time of the calls of the application's RoomHandler")
                    .tags(tags.and("callback", name, "outcome", hasFailed ? "failure" : "success"))
                    .register(registry));
  }

  Counter drops(Drop drop) {
    return requireNonNull(drops.get(drop));
  }

  void sessionClosed(CloseStatus status) {
    close(CloseReasonTag.of(status)).increment();
  }

  private Counter close(String reason) {
    return closes.computeIfAbsent(
        reason,
        name ->
            Counter.builder(SESSIONS_CLOSED)
                .description("sessions that were closed")
                .baseUnit("sessions")
                .tags(tags.and("reason", name))
                .register(registry));
  }

  void rejected(Attempt attempt, Rejection rejection) {
    requireNonNull(rejections.get(attempt))
        .computeIfAbsent(
            codes.of(rejection),
            code ->
                Counter.builder(REJECTIONS)
                    .description("handshakes, joins and messages that were rejected")
                    .tags(tags.and("attempt", label(attempt), "code", code))
                    .register(registry))
        .increment();
  }
}
