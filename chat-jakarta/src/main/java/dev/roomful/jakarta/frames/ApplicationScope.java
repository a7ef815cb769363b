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
   * Runs a callback within this call.
   *
   * @param callback the callback
   */
  public void run(Runnable callback) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      callback.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * {@return an executor whose tasks run in this scope}
   *
   * @param executor runs the tasks
   */
  public Executor within(Executor executor) {
    return task -> executor.execute(() -> run(task));
  }
}
