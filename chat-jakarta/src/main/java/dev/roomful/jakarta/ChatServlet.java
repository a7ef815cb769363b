package dev.roomful.jakarta;

import dev.roomful.Admission;
import dev.roomful.Entry;
import dev.roomful.Refusal;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Asks the doorman, then refuses in plain HTTP or upgrades. */
final class ChatServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient JakartaChat mount;

  ChatServlet(JakartaChat mount) {
    this.mount = mount;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    Optional<Map<String, String>> parameters = mount.path().match(path);
    if (parameters.isEmpty()) {
      refuse(response, new Refusal(404, "path", "nothing here; the chat is at " + mount.path()));
    } else if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      response.setHeader("Upgrade", "websocket");
      refuse(response, new Refusal(426, "upgrade", "this address speaks WebSocket only"));
    } else {
      decide(request, response, parameters.get());
    }
  }

  private void decide(
      HttpServletRequest request, HttpServletResponse response, Map<String, String> parameters)
      throws ServletException, IOException {
    Admission admission = mount.gateway().admit(new RequestHandshake(request, parameters));
    if (admission instanceof Refusal refusal) {
      refuse(response, refusal);
      return;
    }
    Entry entry = (Entry) admission;
    ServerEndpointConfig config =
        new UpgradeConfig(mount, new Admitted(mount, entry, mount.wiring().upgrading(request)));
    try {
      mount.wiring().upgrade(container(), request, response, config, parameters, mount.gateway());
    } catch (DeploymentException failure) {
      throw new ServletException(failure);
    }
  }

  private ServerContainer container() throws ServletException {
    Object container = getServletContext().getAttribute(ServerContainer.class.getName());
    if (container instanceof ServerContainer found) {
      return found;
    }
    throw new ServletException(
        "this servlet context has no Jakarta WebSocket container: add the server's WebSocket"
            + " module, or switch it on for this context");
  }

  private static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
    byte[] body = (refusal.reason() + "\n").getBytes(StandardCharsets.UTF_8);
    response.setStatus(refusal.status());
    response.setHeader("Roomful-Refusal", refusal.code());
    response.setHeader("Cache-Control", "no-store");
    if (!refusal.retryAfter().isZero()) {
      // Whole seconds (RFC 9110 section 10.2.3), and not too early.
      response.setHeader(
          "Retry-After", Long.toString(refusal.retryAfter().plusNanos(999_999_999).toSeconds()));
    }
    response.setContentType("text/plain;charset=utf-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
