package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the chat when the application stops: takes the application out of service first, so that
 * load balancers send no more clients, then closes the chat, and lets the web server begin its
 * graceful shutdown after that. An open WebSocket is no request that the web server waits for.
 *
 * <p>A chat that was closed does not start again with its application context.
 */
final class ChatLifecycle implements SmartLifecycle {
  /**
   * Stops after the beans of the default phase, such as message listeners that publish, and before
   * {@code WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE}.
   */
  static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 512;

  private final Chat chat;
  private final ApplicationContext context;
  private volatile boolean running;

  ChatLifecycle(Chat chat, ApplicationContext context) {
    this.chat = chat;
    this.context = context;
  }

  /** Does nothing: the chat runs as soon as it is created. */
  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
    endConnections();
  }

  /** Does not block: Spring bounds how long a phase may take, and continues without the chat. */
  @Override
  public void stop(Runnable callback) {
    Thread thread =
        new Thread(
            () -> {
              try {
                stop();
              } finally {
                callback.run();
              }
            },
            "roomful-shutdown");
    thread.setDaemon(true);
    thread.start();
  }

  /** Writes what is queued, and closes all connections within the chat's shutdown timeout. */
  private void endConnections() {
    chat.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  /** A test context that waits for its next test class keeps its chat. */
  @Override
  public boolean isPauseable() {
    return false;
  }
}
