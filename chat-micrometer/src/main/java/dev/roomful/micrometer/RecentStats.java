package dev.roomful.micrometer;

import dev.roomful.Chat;
import dev.roomful.ChatStats;
import io.micrometer.core.instrument.Clock;
import java.util.concurrent.TimeUnit;

/** The figures of a chat, read again when they are older than a second: one scrape asks often. */
final class RecentStats {
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Chat chat;
  private final Clock clock;
  private volatile Reading last;

  private record Reading(ChatStats stats, long time, double batchSize) {}

  RecentStats(Chat chat, Clock clock) {
    this.chat = chat;
    this.clock = clock;
    this.last = new Reading(chat.stats(), clock.monotonicTime(), 0);
  }

  ChatStats get() {
    return read().stats;
  }

  /** {@return the mean number of frames in a batch between the last two readings, or 0} */
  double batchSize() {
    return read().batchSize;
  }

  private Reading read() {
    long now = clock.monotonicTime();
    Reading current = last;
    if (now - current.time < MAX_AGE_NANOS) {
      return current;
    }
    ChatStats stats = chat.stats();
    long batches = stats.batches() - current.stats.batches();
    long frames = stats.deliveries() - current.stats.deliveries();
    Reading next = new Reading(stats, now, batches <= 0 ? 0 : (double) frames / batches);
    last = next;
    return next;
  }
}
