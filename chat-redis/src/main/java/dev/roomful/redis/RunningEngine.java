package dev.roomful.redis;

import dev.roomful.cluster.EngineListener;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** An engine from its start to its end. */
final class RunningEngine {
  private final Servers servers;
  private final Connector connector;
  private final RedisLogs logs;
  private final RedisLeases leases;

  RunningEngine(Settings settings, Function<Settings, Servers> servers, EngineListener listener) {
    this.servers = servers.apply(settings);
    connector = new Connector(settings, this.servers, listener);
    ScriptCalls scripts = new ScriptCalls(connector);
    Keys keys = new Keys(settings.keyPrefix());
    logs = new RedisLogs(settings, keys, connector, scripts);
    leases = new RedisLeases(scripts, keys);
  }

  RedisLogs logs() {
    return logs;
  }

  RedisLeases leases() {
    return leases;
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
}
