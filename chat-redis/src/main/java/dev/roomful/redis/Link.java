package dev.roomful.redis;

import dev.roomful.cluster.EngineUnavailableException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The two connections to one server. If either of them is lost, the link is, for ever: nothing is
 * sent again, so that no command reaches a server process that was started later.
 */
final class Link {
  private static final int MAX_UNANSWERED = 65_536;

  private final String address;
  private final long timeoutNanos;
  private final StatefulRedisConnection<String, byte[]> commandConnection;
  private final StatefulRedisPubSubConnection<String, byte[]> messageConnection;
  private final RedisAsyncCommands<String, byte[]> commands;
  private final RedisPubSubAsyncCommands<String, byte[]> messages;
  private final OrderedWrites commandWrites;
  private final OrderedWrites messageWrites;
  private final Consumer<Throwable> onLoss;
  private final Set<Reply<?>> unanswered = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final AtomicBoolean reloading = new AtomicBoolean();
  private final AtomicBoolean lost = new AtomicBoolean();
  private volatile @Nullable EngineUnavailableException loss;
  private volatile String generation = "";

  private Link(
      Server server,
      Duration timeout,
      StatefulRedisConnection<String, byte[]> commandConnection,
      StatefulRedisPubSubConnection<String, byte[]> messageConnection,
      Consumer<Throwable> onLoss) {
    this.address = server.address();
    this.timeoutNanos = timeout.toNanos();
    this.commandConnection = commandConnection;
    this.messageConnection = messageConnection;
    this.onLoss = onLoss;
    commands = commandConnection.async();
    messages = messageConnection.async();
    commandWrites = new OrderedWrites(server.executor());
    messageWrites = new OrderedWrites(server.executor());
  }

  /**
   * Opens both connections; blocks.
   *
   * @param onLoss called once, unless the link is closed first
   */
  static Link open(
      Server server,
      Duration timeout,
      RedisPubSubListener<String, byte[]> listener,
      Consumer<Throwable> onLoss) {
    StatefulRedisConnection<String, byte[]> commandConnection = server.connect().get();
    Link link;
    try {
      link = new Link(server, timeout, commandConnection, server.connectPubSub().get(), onLoss);
    } catch (RuntimeException failed) {
      commandConnection.closeAsync();
      throw failed;
    }
    link.messageConnection.addListener(listener);
    link.observe(link.commandConnection, link.commandWrites);
    link.observe(link.messageConnection, link.messageWrites);
    return link;
  }

  private void observe(StatefulConnection<String, byte[]> connection, OrderedWrites writes) {
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            lose(new IllegalStateException("the connection was closed"));
          }
        });
    // Its completion is the one moment that is certain to be on the event loop's thread.
    connection.dispatch(
        new AsyncCommand<>(new Command<>(CommandType.PING, new StatusOutput<>(Server.CODEC))) {
          @Override
          public void complete() {
            writes.eventLoop(Thread.currentThread());
            super.complete();
          }
        });
    if (!connection.isOpen()) {
      lose(new IllegalStateException("the connection was closed"));
    }
  }

  /** {@return the generation of entries that are appended over this link} */
  String generation() {
    return generation;
  }

  void setGeneration(String newGeneration) {
    generation = newGeneration;
  }

  String address() {
    return address;
  }

  Reply<List<Object>> evaluate(Script script, String[] keys, byte[]... arguments) {
    return send(
        commandWrites,
        () -> commands.evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments));
  }

  Reply<String> info() {
    return send(commandWrites, commands::info);
  }

  /** Loads the scripts; commands that are sent later find them. */
  CompletableFuture<?>[] loadAll() {
    return Arrays.stream(Script.values())
        .map(script -> send(commandWrites, () -> commands.scriptLoad(script.text())))
        .toArray(CompletableFuture<?>[]::new);
  }

  Reply<Void> subscribe(String channel) {
    return send(messageWrites, () -> messages.ssubscribe(channel));
  }

  Reply<Void> unsubscribe(String channel) {
    return send(messageWrites, () -> messages.sunsubscribe(channel));
  }

  /** Sends a PING on both connections; the link is lost if one remains unanswered. */
  CompletableFuture<Void> ping() {
    return CompletableFuture.allOf(
        send(commandWrites, commands::ping), send(messageWrites, messages::ping));
  }

  /** Loses the link if something is unanswered for too long: Redis answers in order. */
  void checkDeadlines() {
    long now = System.nanoTime();
    for (Reply<?> reply : unanswered) {
      if (reply.isLate(now)) {
        lose(
            new IllegalStateException(
                "no answer within " + Duration.ofNanos(timeoutNanos).toMillis() + " ms"));
        return;
      }
    }
  }

  private <T> Reply<T> send(OrderedWrites writes, Supplier<CompletionStage<T>> command) {
    Reply<T> reply = new Reply<>(unanswered, System.nanoTime() + timeoutNanos);
    EngineUnavailableException failure = loss;
    if (failure != null) {
      reply.fail(failure);
    } else if (unanswered.size() > MAX_UNANSWERED) {
      reply.fail(
          new EngineUnavailableException(
              address + " has not answered " + MAX_UNANSWERED + " commands yet", null));
    } else {
      writes.add(() -> write(writes, reply, command));
    }
    return reply;
  }

  private <T> void write(
      OrderedWrites writes, Reply<T> reply, Supplier<CompletionStage<T>> command) {
    if (reply.isDone()) {
      return;
    }
    try {
      command
          .get()
          .whenComplete(
              (value, failure) ->
                  writes.settle(
                      () -> {
                        if (failure == null) {
                          reply.succeed(value);
                        } else {
                          fail(reply, Failures.unwrap(failure));
                        }
                      }));
    } catch (RuntimeException failure) {
      writes.settle(() -> fail(reply, failure));
    }
  }

  private void fail(Reply<?> reply, Throwable failure) {
    EngineUnavailableException before = loss;
    reply.fail(
        before != null
            ? before
            : new EngineUnavailableException(address + ": " + Failures.explain(failure), failure));
    if (Failures.isMissingScript(failure)) {
      reload();
    } else if (Failures.needsOtherConnection(failure)) {
      lose(failure);
    }
  }

  private void reload() {
    if (reloading.compareAndSet(false, true)) {
      CompletableFuture.allOf(loadAll()).whenComplete((done, failure) -> reloading.set(false));
    }
  }

  /** Closes both connections, fails what is unanswered, and reports the loss. */
  void lose(Throwable cause) {
    if (shut(address + " was lost: " + Failures.text(cause), cause)) {
      onLoss.accept(cause);
    }
  }

  /** {@return completes when both connections are closed} */
  CompletableFuture<Void> close() {
    shut(address + ": the engine was closed", null);
    return closed;
  }

  private boolean shut(String message, @Nullable Throwable cause) {
    if (!lost.compareAndSet(false, true)) {
      return false;
    }
    EngineUnavailableException failure = new EngineUnavailableException(message, cause);
    loss = failure;
    CompletableFuture.allOf(commandConnection.closeAsync(), messageConnection.closeAsync())
        .whenComplete((done, ignored) -> closed.complete(null));
    // A reply that is added later sees the loss.
    unanswered.forEach(reply -> reply.fail(failure));
    return true;
  }
}
