package dev.roomful.micrometer;

import dev.roomful.Chat;
import dev.roomful.ChatObserver;
import dev.roomful.CloseStatus;
import dev.roomful.admission.Rejection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one chat as meters of Micrometer.
 *
 * <pre>{@code
 * Chat chat = Chat.builder(handler).observer(ChatMetrics.of(registry)).build();
 * }</pre>
 *
 * <p>All names start with {@code roomful.}; docs/monitoring.md lists them. No tag contains a room
 * or a participant. The values of each tag are bounded: rejections that the application chose have
 * at most {@value CodeTag#MAX_APPLICATION_CODES} codes, further ones count as {@code other}.
 *
 * <p>Gauges and counters of deliveries are read from {@link Chat#stats} at most once a second of
 * the registry's clock. When the chat closes they are removed from the registry. Timers and
 * counters of events remain.
 *
 * <p>Safe for use by many threads.
 */
public final class ChatMetrics implements ChatObserver {
  private final MeterRegistry registry;
  private final Tags tags;
  private final EventMeters events;
  private final List<Meter> pulled = new ArrayList<>(); // guarded by this
  private @Nullable Chat observed; // guarded by this

  private ChatMetrics(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    this.events = new EventMeters(registry, tags);
  }

  /**
   * Returns metrics for one chat.
   *
   * @param registry the registry for the meters
   * @return an observer for {@link Chat.Builder#observer}
   */
  public static ChatMetrics of(MeterRegistry registry) {
    return of(registry, List.of());
  }

  /**
   * Returns metrics for one chat among several in a registry.
   *
   * @param registry the registry for the meters
   * @param tags tags of all meters, such as {@code chat=support}
   * @return an observer for {@link Chat.Builder#observer}
   */
  public static ChatMetrics of(MeterRegistry registry, Iterable<Tag> tags) {
    return new ChatMetrics(registry, Tags.of(tags));
  }

  /**
   * Registers the meters that are read from the chat.
   *
   * @throws IllegalStateException if these metrics belong to a chat that is not closed, or the
   *     registry has the metrics of another chat with the same tags
   */
  @Override
  public synchronized void started(Chat chat) {
    if (observed != null) {
      throw new IllegalStateException(
          "these metrics belong to another chat: create ChatMetrics for each chat, with a tag that"
              + " tells them apart");
    }
    boolean taken =
        registry.find(ChatMeter.SESSIONS.meterName()).meters().stream()
            .anyMatch(meter -> meter.getId().getTags().equals(tags.stream().toList()));
    if (taken) {
      throw new IllegalStateException(
          "the registry has the metrics of another chat with the tags "
              + tags.stream().toList()
              + ": give each chat a tag that tells them apart");
    }
    observed = chat;
    RecentStats stats = new RecentStats(chat, registry.config().clock());
    for (ChatMeter meter : ChatMeter.values()) {
      pulled.add(meter.register(registry, tags, stats));
    }
    pulled.add(
        Gauge.builder("roomful.batch.size", stats, RecentStats::batchSize)
            .strongReference(true)
            .description("mean frames in a batch since the figures were read before")
            .baseUnit("frames")
            .tags(tags)
            .register(registry));
  }

  /** Removes the meters that are read from the chat. */
  @Override
  public synchronized void closed(Chat chat) {
    if (chat != observed) {
      return; // a chat that could not start with these metrics
    }
    pulled.forEach(registry::remove);
    pulled.clear();
    observed = null;
  }

  @Override
  public void sessionClosed(CloseStatus status, long nanos) {
    events.sessionClosed(status);
  }

  @Override
  public void handlerReturned(String callback, long nanos, boolean failed) {
    events.callback(callback, failed).record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void rejected(Attempt attempt, Rejection rejection) {
    events.rejected(attempt, rejection);
  }

  @Override
  public void fannedOut(int recipients, long nanos) {
    events.fanOut().record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void dropped(Drop drop, int frames) {
    events.drops(drop).increment(frames);
  }
}
