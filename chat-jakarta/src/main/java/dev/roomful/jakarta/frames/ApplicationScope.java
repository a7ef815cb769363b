package dev.roomful.jakarta.frames;

import java.util.concurrent.Executor;

/**
 * Runs callbacks with the class loader of the application, as servers do: JNDI and service loaders
 * find what belongs to the application by it.
 *
 * @param loader the application's class loader
 */
public record ApplicationScope(ClassLoader loader) {
  /** {@return the scope of the application whose servlet is running} */
  public static ApplicationScope current() {
    return new ApplicationScope(Thread.currentThread().getContextClassLoader());
  }

  /**
   * {@return a connection whose callbacks run in this scope}
   *
   * @param socket the client's socket, after the handshake
   * @param upgrade what the handshake has left
   */
  public ClientConnection connection(ClientSocket socket, AcceptedUpgrade upgrade) {
    Executor callbacks = upgrade.gateway().callbackExecutor();
    return new ClientConnection(
        socket, upgrade, this::run, task -> callbacks.execute(() -> run(task)));
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
