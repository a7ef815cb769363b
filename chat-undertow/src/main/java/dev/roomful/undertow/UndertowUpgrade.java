package dev.roomful.undertow;

import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ApplicationScope;
import dev.roomful.jakarta.frames.WebSocketHandshake;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import io.undertow.servlet.api.ThreadSetupHandler;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.util.AttachmentKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * Upgrades one request to an {@link UndertowSocket}, and releases the request and the response
 * afterwards, which Undertow keeps together with the listener of the upgrade for the life of the
 * connection.
 */
final class UndertowUpgrade implements HttpUpgradeListener {
  private static final AttachmentKey<Boolean> UPGRADED = AttachmentKey.create(Boolean.class);

  private final ApplicationScope scope;
  private @Nullable AcceptedUpgrade pending;

  /** Creates the upgrade of one request; called within the servlet. */
  UndertowUpgrade(AcceptedUpgrade upgrade, ApplicationScope scope) {
    this.pending = upgrade;
    this.scope = scope;
  }

  void run(HttpServletRequest request, HttpServletResponse response) {
    AcceptedUpgrade upgrade = pending;
    if (upgrade != null) {
      WebSocketHandshake.accept(request, response, upgrade.config());
      ServletRequestContext.requireCurrent().getExchange().upgradeChannel(this);
    }
  }

  /** Called after all filters, when the response has been written. */
  @Override
  public void handleUpgrade(StreamConnection connection, HttpServerExchange exchange) {
    AcceptedUpgrade upgrade = pending;
    if (upgrade == null) {
      return;
    }
    pending = null;
    UndertowSocket opened =
        new UndertowSocket(
            connection, exchange.getConnection(), socket -> scope.connection(socket, upgrade));
    opened.open(exchange.getConnection());
    exchange.putAttachment(UPGRADED, true);
  }

  /**
   * Wraps each request of a deployment: after an upgrade, releases what only the handshake needed.
   * The servlet container itself needs it to the end of the request.
   */
  static <T, C> ThreadSetupHandler.Action<T, C> clearingAfterUpgrade(
      ThreadSetupHandler.Action<T, C> action) {
    return (exchange, context) -> {
      try {
        return action.call(exchange, context);
      } finally {
        if (exchange != null && exchange.getAttachment(UPGRADED) != null) {
          exchange.startBlocking(null); // Undertow would close it once more, without its context.
          exchange.removeAttachment(ServletRequestContext.ATTACHMENT_KEY);
          exchange.getRequestHeaders().clear();
          exchange.getResponseHeaders().clear();
        }
      }
    };
  }
}
