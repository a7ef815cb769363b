package dev.roomful.redis;

import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.cluster.LogEntry;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The logs that this node is subscribed to, on whichever links there are. */
final class Subscriptions implements PubSubMessages {
  private static final Logger LOGGER = System.getLogger("dev.roomful.redis");
  private static final int BATCH = 1000;

  /** Receives entries of a log. */
  interface Receiver {
    void entry(Links links, String log, LogEntry entry);
  }

  private final Receiver receiver;
  private final Map<String, String> logsByChannel = new ConcurrentHashMap<>();
  // Guarded by this, so that commands are written in the order of the map's changes.
  private @Nullable Links current;

  Subscriptions(Receiver receiver) {
    this.receiver = receiver;
  }

  synchronized CompletableFuture<Void> subscribe(String log, String channel) {
    logsByChannel.put(channel, log);
    Links links = current;
    return links == null
        ? CompletableFuture.failedFuture(
            new EngineUnavailableException("Redis is not connected", null))
        : links.of(channel).subscribe(channel);
  }

  synchronized void unsubscribe(String channel) {
    Links links = current;
    if (logsByChannel.remove(channel) != null && links != null) {
      links.of(channel).unsubscribe(channel);
    }
  }

  /** Subscribes new links to all logs, those too that are added meanwhile; blocks. */
  void moveTo(Links links, Duration timeout) throws InterruptedException {
    Set<String> done = new HashSet<>();
    while (true) {
      List<String> missing = new ArrayList<>();
      synchronized (this) {
        for (String channel : logsByChannel.keySet()) {
          if (missing.size() < BATCH && !done.contains(channel)) {
            missing.add(channel);
          }
        }
        if (missing.isEmpty()) {
          current = links;
          done.removeAll(logsByChannel.keySet());
          done.forEach(left -> links.of(left).unsubscribe(left));
          return;
        }
      }
      List<CompletableFuture<Void>> replies = new ArrayList<>();
      for (String channel : missing) {
        replies.add(links.of(channel).subscribe(channel));
      }
      for (CompletableFuture<Void> reply : replies) {
        Waiting.await(reply, timeout);
      }
      done.addAll(missing);
    }
  }

  synchronized void leave() {
    current = null;
  }

  @Override
  public RedisPubSubListener<String, byte[]> listener(Links links) {
    return new RedisPubSubAdapter<>() {
      @Override
      public void smessage(String channel, byte[] message) {
        String log = logsByChannel.get(channel);
        if (log == null) {
          return;
        }
        LogEntry entry;
        try {
          entry = EntryFormat.decode(message);
        } catch (RuntimeException malformed) {
          LOGGER.log(Level.WARNING, "Message on channel " + channel + " is no entry", malformed);
          return;
        }
        receiver.entry(links, log, entry);
      }

      @Override
      public void sunsubscribed(String channel, long count) {
        // A Redis Cluster has moved the slot: the command that follows fails and tells.
        synchronized (Subscriptions.this) {
          if (logsByChannel.containsKey(channel)) {
            links.of(channel).subscribe(channel);
          }
        }
      }
    };
  }
}
