package dev.roomful.jakarta;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Admits a handshake and upgrades it, or rejects it with a plain HTTP response. */
final class ChatServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient JakartaChat mount;
  private final transient RejectionLog rejections = new RejectionLog();

  ChatServlet(JakartaChat mount) {
    this.mount = mount;
  }

  /** Handles all methods, so that those other than GET are rejected with a reason. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    Optional<Map<String, String>> matched = mount.path().match(path);
    Map<String, String> parameters = matched.orElse(Map.of());
    HandshakeSnapshot handshake =
        ServletHandshakeReader.copyOf(request, parameters).behind(mount.trustedProxies());
    Admission admission =
        HandshakeRules.checkPath(path, matched.isPresent(), mount.path())
            .or(
                () ->
                    HandshakeRules.checkUpgrade(
                        request.getMethod(), request.getProtocol(), handshake))
            .or(() -> HandshakeRules.checkQuery(handshake.rawQuery()))
            .or(() -> mount.checkSubprotocols(handshake))
            .map(Admission.class::cast)
            .orElseGet(() -> mount.gateway().admit(handshake));
    if (admission instanceof Rejection rejection) {
      rejections.log(rejection, handshake);
      reject(request, response, rejection);
    } else {
      AcceptedAdmission accepted = (AcceptedAdmission) admission;
      upgrade(request, response, parameters, accepted, handshake.remoteAddress().orElse(null));
    }
  }

  private void upgrade(
      HttpServletRequest request,
      HttpServletResponse response,
      Map<String, String> parameters,
      AcceptedAdmission accepted,
      @Nullable String remoteAddress)
      throws ServletException, IOException {
    ServerEndpointConfig config =
        new UpgradeEndpointConfig(
            mount,
            new UpgradeConfigurator(
                mount,
                new AcceptedHandshake(
                    accepted,
                    mount.binding().forRequest(request),
                    remoteAddress,
                    mount.closesOnSessionEnd()
                        ? HttpSessionAccess.connectionsOf(request.getSession(false))
                        : null)));
    mount.binding().upgrade(request, response, config, parameters, mount.gateway());
  }

  /** Closes the chat: containers destroy a servlet before they close the connections themselves. */
  @Override
  public void destroy() {
    if (mount.closesOnDestroy()) {
      mount.chat().close();
    }
  }

  private static void reject(
      HttpServletRequest request, HttpServletResponse response, Rejection rejection)
      throws IOException {
    byte[] body = (rejection.reason() + "\n").getBytes(StandardCharsets.UTF_8);
    response.setStatus(rejection.status());
    if (rejection.status() == 405) {
      response.setHeader("Allow", "GET");
    } else if (rejection.status() == 426) {
      if (!HandshakeRules.isHttp2(request.getProtocol())) { // RFC 9113 section 8.2.2
        response.setHeader("Upgrade", "websocket");
      }
      response.setHeader("Sec-WebSocket-Version", HandshakeRules.VERSION); // RFC 6455 section 4.4
    }
    response.setHeader("Roomful-Rejection", rejection.code());
    response.setHeader("Cache-Control", "no-store");
    if (!rejection.retryAfter().isZero()) {
      // Whole seconds (RFC 9110 section 10.2.3), rounded up.
      response.setHeader(
          "Retry-After", Long.toString(rejection.retryAfter().plusNanos(999_999_999).toSeconds()));
    }
    response.setContentType("text/plain;charset=utf-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
