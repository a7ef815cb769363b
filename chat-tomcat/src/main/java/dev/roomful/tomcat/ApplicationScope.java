package dev.roomful.tomcat;

import java.util.concurrent.Executor;

/**
 * Runs callbacks with the class loader of the application, as Tomcat does: JNDI and service loaders
 * find what belongs to the application by it.
 *
 * @param loader the application's class loader
 */
record ApplicationScope(ClassLoader loader) {
  /** {@return the scope of the application whose servlet is running} */
  static ApplicationScope current() {
    return new ApplicationScope(Thread.currentThread().getContextClassLoader());
  }

  void run(Runnable callback) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      callback.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** {@return an executor whose tasks run in this scope} */
  Executor within(Executor executor) {
    return task -> executor.execute(() -> run(task));
  }
}
