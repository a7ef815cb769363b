package dev.roomful.testing;

import dev.roomful.cluster.EngineUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operations of one node that wait for answers of the simulated server. */
final class SimulatedCalls {
  /** How long an operation waits for its answer. */
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final SimulatedServer server;
  private final String name;
  private final StepQueue events;
  private final List<Call<?>> unanswered = new ArrayList<>();

  /** An operation whose stage is not complete. */
  private record Call<T>(String text, long deadline, CompletableFuture<T> future) {}

  /** What the server does for a request that came over a connection. */
  interface Work<T> {
    T on(SimulatedConnection connection);
  }

  /**
   * Creates the operations of a node.
   *
   * @param name the name of the node
   * @param events fails stages
   */
  SimulatedCalls(SimulatedServer server, String name, StepQueue events) {
    this.server = server;
    this.name = name;
    this.events = events;
  }

  /**
   * Sends a request over a connection.
   *
   * @param connection fails at once if it is null or not ready
   */
  <T> CompletionStage<T> start(
      @Nullable SimulatedConnection connection, String text, Work<T> work) {
    if (connection == null || !connection.usable) {
      return CompletableFuture.failedFuture(unavailable("not connected"));
    }
    CompletableFuture<T> future = new CompletableFuture<>();
    long deadline = server.network().clock().nanoTime() + TIMEOUT.toNanos();
    Call<T> call = new Call<>(text, deadline, future);
    unanswered.add(call);
    connection.requests.add(
        name + " → engine: " + text,
        () ->
            connection.answer(
                "engine → " + name + ": answer to " + text,
                answer(call, () -> work.on(connection))));
    return future.minimalCompletionStage();
  }

  /** Executes a request. {@return what its answer does} */
  private <T> Runnable answer(Call<T> call, Supplier<T> work) {
    try {
      if (server.rejects()) {
        throw unavailable("it has rejected the request");
      }
      T result = work.get();
      return () -> {
        unanswered.remove(call);
        call.future.complete(result);
      };
    } catch (RuntimeException failure) {
      return () -> {
        unanswered.remove(call);
        call.future.completeExceptionally(failure);
      };
    }
  }

  /** Fails all stages, as steps. */
  void failLater(String reason) {
    unanswered.forEach(call -> failLater(call, reason));
    unanswered.clear();
  }

  /** Fails the stages that have waited for too long, as steps. */
  void failOverdue() {
    long now = server.network().clock().nanoTime();
    List<Call<?>> overdue = unanswered.stream().filter(call -> call.deadline - now <= 0).toList();
    unanswered.removeAll(overdue);
    overdue.forEach(call -> failLater(call, "no answer within " + TIMEOUT));
  }

  private void failLater(Call<?> call, String reason) {
    events.add(
        name + ": " + call.text + " fails",
        () -> call.future.completeExceptionally(unavailable(reason)));
  }

  /** Fails all stages now. */
  void fail(String reason) {
    List<Call<?>> failed = List.copyOf(unanswered);
    unanswered.clear();
    failed.forEach(call -> call.future.completeExceptionally(unavailable(reason)));
  }

  /** Leaves all stages as they are, for ever. */
  void forget() {
    unanswered.clear();
  }

  EngineUnavailableException unavailable(String reason) {
    return new EngineUnavailableException(
        "the simulated engine is unavailable to " + name + ": " + reason, null);
  }
}
