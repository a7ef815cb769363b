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

  private record Reading(ChatStats stats, long time) {}

  RecentStats(Chat chat, Clock clock) {
    this.chat = chat;
    this.clock = clock;
    this.last = new Reading(chat.stats(), clock.monotonicTime());
  }

  ChatStats get() {
    long now = clock.monotonicTime();
    Reading current = last;
    if (now - current.time >= MAX_AGE_NANOS) {
      current = new Reading(chat.stats(), now);
      last = current;
    }
    return current.stats;
  }
}
