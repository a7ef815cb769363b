package dev.roomful.redis;

import dev.roomful.cluster.EngineListener;
import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogRewoundException;
import dev.roomful.cluster.LogSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** The operations of a started engine. */
final class RedisLogs {
  private static final int MAX_DATA_BYTES = 16 << 20;
  private static final int PAGE_BYTES = 1 << 20;

  private final Servers servers;
  private final Connector connector;
  private final Keys keys;
  private final byte[] retention;
  private final Tokens tokens = new Tokens();
  private final Set<String> renewed = ConcurrentHashMap.newKeySet();

  RedisLogs(Settings settings, Function<Settings, Servers> servers, EngineListener listener) {
    this.servers = servers.apply(settings);
    connector = new Connector(settings, this.servers, listener);
    keys = new Keys(settings.keyPrefix());
    retention = Text.bytes(settings.retention().toMillis());
  }

  void start() {
    try {
      connector.start().get();
    } catch (InterruptedException interrupted) {
      connector.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "interrupted while connecting to " + servers.address(), interrupted);
    } catch (ExecutionException failure) {
      Throwable cause = Failures.unwrap(failure);
      throw new IllegalStateException(
          cause instanceof IllegalStateException
              ? Failures.text(cause)
              : "cannot connect to "
                  + servers.address()
                  + ": "
                  + Failures.chain(cause)
                  + "; start Redis there, or correct the address, the user, the password or TLS",
          cause);
    }
  }

  void close() {
    connector.close();
  }

  CompletableFuture<LogEntry> append(
      String log, LogEnd known, String node, long nodeSequence, byte[] data) {
    if (data.length > MAX_DATA_BYTES) {
      throw new IllegalArgumentException(
          "entry has " + data.length + " bytes: at most " + MAX_DATA_BYTES + " are possible");
    }
    Link link;
    try {
      link = connector.link(keys.entries(log));
    } catch (EngineUnavailableException unavailable) {
      return CompletableFuture.failedFuture(unavailable);
    }
    String token = tokens.next();
    String generation = link.generation();
    return evaluate(
        link,
        Script.APPEND,
        keysOf(log),
        reply -> {
          String head = Text.string(reply.get(0));
          if (reply.size() > 1) {
            throw new LogRewoundException(log, end(reply.get(1), reply.get(2)));
          }
          return EntryFormat.entry(head, token, node, nodeSequence, generation, data);
        },
        Text.bytes(known.sequence()),
        escaped(known.token()),
        Text.bytes(token),
        EntryFormat.tail(token, node, nodeSequence, generation, data),
        retention);
  }

  CompletableFuture<LogPage> read(String log, long after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is " + limit + ": at least 1 entry must be read");
    }
    CompletableFuture<LogPage> result = new CompletableFuture<>();
    read(log, after, limit, List.of(), result);
    return result;
  }

  /** One reply is bounded in bytes, so that a page may take several. */
  private void read(
      String log, long after, int limit, List<LogEntry> before, CompletableFuture<LogPage> result) {
    this.<LogPage>evaluate(
            Script.READ,
            keysOf(log),
            reply -> page(reply, before),
            Text.bytes(after),
            Text.bytes(limit - before.size()),
            Text.bytes(PAGE_BYTES))
        .whenComplete(
            (page, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
                return;
              }
              int count = page.entries().size();
              if (count == before.size()
                  || count >= limit
                  || page.entries().get(count - 1).sequence() >= page.end().sequence()) {
                result.complete(page);
              } else {
                long last = page.entries().get(count - 1).sequence();
                read(log, last, limit, page.entries(), result);
              }
            });
  }

  private static LogPage page(List<Object> reply, List<LogEntry> before) {
    List<LogEntry> entries = new ArrayList<>(before);
    for (Object stored : reply.subList(2, reply.size())) {
      LogEntry entry = EntryFormat.decode((byte[]) stored);
      boolean follows =
          entries.isEmpty()
              || entries.get(entries.size() - 1).token().equals(entry.previousToken());
      if (!follows) {
        // The log was trimmed or replaced between two replies.
        break;
      }
      entries.add(entry);
    }
    return new LogPage(entries, end(reply.get(0), reply.get(1)));
  }

  CompletableFuture<Void> subscribe(String log) {
    return connector.subscriptions().subscribe(log, keys.entries(log));
  }

  void unsubscribe(String log) {
    connector.subscriptions().unsubscribe(keys.entries(log));
  }

  CompletableFuture<Optional<LogSnapshot>> snapshot(String log) {
    return evaluate(
        Script.SNAPSHOT,
        new String[] {Keys.state(keys.entries(log))},
        reply ->
            reply.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    new LogSnapshot(end(reply.get(0), reply.get(1)), (byte[]) reply.get(2))));
  }

  CompletableFuture<Boolean> storeSnapshot(String log, LogSnapshot snapshot) {
    return put(Script.STORE_SNAPSHOT, log, snapshot, LogEnd.START);
  }

  CompletableFuture<Boolean> replace(String log, LogEnd expected, LogSnapshot snapshot) {
    return put(Script.REPLACE, log, snapshot, expected);
  }

  private CompletableFuture<Boolean> put(
      Script script, String log, LogSnapshot snapshot, LogEnd expected) {
    return evaluate(
        script,
        keysOf(log),
        RedisLogs::isTrue,
        Text.bytes(snapshot.end().sequence()),
        escaped(snapshot.end().token()),
        snapshot.data(),
        retention,
        Text.bytes(expected.sequence()),
        escaped(expected.token()));
  }

  CompletableFuture<Boolean> renewLease(String node, Duration expiry) {
    if (expiry.toMillis() < 1) {
      throw new IllegalArgumentException("lease of " + expiry + " is too short: use 1 ms or more");
    }
    return evaluate(
        Script.RENEW_LEASE,
        new String[] {keys.nodes()},
        reply -> {
          renewed.add(node);
          return isTrue(reply);
        },
        escaped(node),
        Text.bytes(expiry.toMillis()),
        // If Redis has lost its data it cannot know that this is not the first lease.
        Text.bytes(renewed.contains(node) ? 1 : 0));
  }

  CompletableFuture<Void> releaseLease(String node) {
    renewed.remove(node);
    return evaluate(
        Script.RELEASE_LEASE, new String[] {keys.nodes()}, reply -> null, escaped(node));
  }

  CompletableFuture<Set<String>> liveNodes() {
    return evaluate(
        Script.LIVE_NODES,
        new String[] {keys.nodes()},
        reply -> {
          Set<String> nodes = new HashSet<>();
          reply.forEach(node -> nodes.add(Escaping.unescape(Text.string(node))));
          return Set.copyOf(nodes);
        });
  }

  private String[] keysOf(String log) {
    String entries = keys.entries(log);
    return new String[] {entries, Keys.state(entries)};
  }

  private static byte[] escaped(String value) {
    return Text.bytes(Escaping.escape(value));
  }

  private static LogEnd end(Object sequence, Object token) {
    return new LogEnd(Long.parseLong(Text.string(sequence)), Escaping.unescape(Text.string(token)));
  }

  private static boolean isTrue(List<Object> reply) {
    return reply.get(0).equals(1L);
  }

  private <T> CompletableFuture<T> evaluate(
      Script script, String[] keys, Function<List<Object>, T> result, byte[]... arguments) {
    Link link;
    try {
      link = connector.link(keys[0]);
    } catch (EngineUnavailableException unavailable) {
      return CompletableFuture.failedFuture(unavailable);
    }
    return evaluate(link, script, keys, result, arguments);
  }

  private static <T> CompletableFuture<T> evaluate(
      Link link,
      Script script,
      String[] keys,
      Function<List<Object>, T> result,
      byte[]... arguments) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    link.evaluate(script, keys, arguments)
        .whenComplete(
            (reply, failure) -> {
              if (failure != null) {
                stage.completeExceptionally(failure);
                return;
              }
              T value;
              try {
                value = result.apply(reply);
              } catch (RuntimeException unusable) {
                stage.completeExceptionally(unusable);
                return;
              }
              stage.complete(value);
            });
    return stage;
  }
}
