package dev.roomful.jakarta.frames;

import dev.roomful.transport.Gateway;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs callbacks with the class loader of the application, as servers do: JNDI and service loaders
 * find what belongs to the application by it. All connections of an application share a scope.
 */
public final class ApplicationScope {
  private final @Nullable ClassLoader loader;
  private final Executor caller = this::run;
  private final Executor callbacks;

  private ApplicationScope(@Nullable ClassLoader loader, Executor callbacks) {
    this.loader = loader;
    this.callbacks = task -> callbacks.execute(() -> run(task));
  }

  /**
   * {@return the scope of the application whose servlet is running}
   *
   * @param latest the scope of an earlier call for the same chat, which is returned again if it is
   *     that of the same application
   * @param gateway the chat
   */
  public static ApplicationScope current(@Nullable ApplicationScope latest, Gateway gateway) {
    ClassLoader current = Thread.currentThread().getContextClassLoader();
    return latest != null && latest.loader == current
        ? latest
        : new ApplicationScope(current, gateway.callbackExecutor());
  }

  /**
   * {@return a connection whose callbacks run in this scope}
   *
   * @param socket the client's socket, after the handshake
   * @param upgrade what the handshake has left
   */
  public ClientConnection connection(ClientSocket socket, AcceptedUpgrade upgrade) {
    return new ClientConnection(socket, upgrade, caller, callbacks);
  }

  private void run(Runnable callback) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      callback.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
