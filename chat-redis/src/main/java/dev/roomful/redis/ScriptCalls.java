package dev.roomful.redis;

import dev.roomful.cluster.EngineUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Calls scripts over the links that there are at the moment. */
final class ScriptCalls {
  private final Connector connector;

  ScriptCalls(Connector connector) {
    this.connector = connector;
  }

  /**
   * Calls a script on the server that stores its first key.
   *
   * @param result makes the result of the reply, or throws what the stage fails with
   */
  <T> CompletableFuture<T> call(
      Script script, String[] keys, Function<List<Object>, T> result, byte[]... arguments) {
    Link link;
    try {
      link = connector.link(keys[0]);
    } catch (EngineUnavailableException unavailable) {
      return CompletableFuture.failedFuture(unavailable);
    }
    return call(link, script, keys, result, arguments);
  }

  /** Calls a script over a link that the caller has chosen. */
  static <T> CompletableFuture<T> call(
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
