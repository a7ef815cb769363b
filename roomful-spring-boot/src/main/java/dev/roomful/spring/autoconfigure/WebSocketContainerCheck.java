package dev.roomful.spring.autoconfigure;

import jakarta.servlet.ServletContext;
import java.util.function.BooleanSupplier;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.context.WebApplicationContext;

/**
 * Checks before the web server opens its port that clients can connect to the chat. The containers
 * have initialized their servlet context by then.
 */
final class WebSocketContainerCheck implements SmartLifecycle {
  private static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

  private final BooleanSupplier missing;
  private final String reason;

  WebSocketContainerCheck(BooleanSupplier missing, String reason) {
    this.missing = missing;
    this.reason = reason;
  }

  /** {@return whether a real servlet container, unlike that of a test, lacks WebSocket} */
  static boolean isMissing(WebApplicationContext context) {
    ServletContext servlets = context.getServletContext();
    return context instanceof WebServerApplicationContext
        && servlets != null
        && servlets.getAttribute(CONTAINER) == null;
  }

  @Override
  public void start() {
    if (missing.getAsBoolean()) {
      throw new MissingWebSocketContainerException(reason);
    }
  }

  @Override
  public void stop() {}

  @Override
  public boolean isRunning() {
    return false;
  }

  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
  }
}
