package dev.roomful.redis;

import dev.roomful.cluster.EngineUnavailableException;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import dev.roomful.cluster.LogPage;
import dev.roomful.cluster.LogRewoundException;
import dev.roomful.cluster.LogSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The operations on logs. */
final class RedisLogs {
  private static final int MAX_DATA_BYTES = 16 << 20;
  private static final int PAGE_BYTES = 1 << 20;

  private final Connector connector;
  private final ScriptCalls scripts;
  private final Keys keys;
  private final byte[] retention;
  private final Tokens tokens = new Tokens();

  RedisLogs(Settings settings, Keys keys, Connector connector, ScriptCalls scripts) {
    this.connector = connector;
    this.scripts = scripts;
    this.keys = keys;
    retention = Text.bytes(settings.retention().toMillis());
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
    return ScriptCalls.call(
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
        Text.escaped(known.token()),
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
    scripts
        .<LogPage>call(
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
    return scripts.call(
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
    return scripts.call(
        script,
        keysOf(log),
        Text::isTrue,
        Text.bytes(snapshot.end().sequence()),
        Text.escaped(snapshot.end().token()),
        snapshot.data(),
        retention,
        Text.bytes(expected.sequence()),
        Text.escaped(expected.token()));
  }

  private String[] keysOf(String log) {
    String entries = keys.entries(log);
    return new String[] {entries, Keys.state(entries)};
  }

  private static LogEnd end(Object sequence, Object token) {
    return new LogEnd(Long.parseLong(Text.string(sequence)), Escaping.unescape(Text.string(token)));
  }
}
