package dev.roomful.tomcat;

import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Upgrades connections to a handler of this adapter, below Tomcat's WebSocket layer. That layer
 * writes one frame at a time, answers pings with a write that blocks, and has no abort.
 */
final class TomcatBinding implements ServerBinding {
  private static final System.Logger LOG = System.getLogger("dev.roomful.tomcat");

  /** RFC 6455 section 1.3. */
  private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private TomcatBinding() {}

  /** {@return this binding, or that of any Jakarta container if Tomcat is not as expected} */
  static ServerBinding choose(boolean tomcatIsAsExpected) {
    if (tomcatIsAsExpected) {
      return new TomcatBinding();
    }
    LOG.log(
        Level.WARNING,
        "This version of Tomcat has another upgrade SPI than expected; frames are written one by"
            + " one with the Jakarta API, and a client that does not read is closed late. Use"
            + " Tomcat 11.0 or 10.1.");
    return ServerBinding.plain();
  }

  @Override
  public void upgrade(
      ServerContainer container,
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway)
      throws IOException, DeploymentException {
    ServerEndpointConfig.Configurator configurator = config.getConfigurator();
    String subprotocol =
        configurator.getNegotiatedSubprotocol(config.getSubprotocols(), offered(request));
    response.setHeader("Upgrade", "websocket");
    response.setHeader("Connection", "upgrade");
    response.setHeader("Sec-WebSocket-Accept", accept(request.getHeader("Sec-WebSocket-Key")));
    if (!subprotocol.isEmpty()) {
      response.setHeader("Sec-WebSocket-Protocol", subprotocol);
    }
    try {
      Endpoint endpoint = (Endpoint) configurator.getEndpointInstance(config.getEndpointClass());
      request.upgrade(TomcatUpgradeHandler.class).prepare(endpoint, config, gateway);
    } catch (InstantiationException | ServletException failure) {
      throw new DeploymentException("Tomcat failed to upgrade a connection", failure);
    }
  }

  private static List<String> offered(HttpServletRequest request) {
    return Collections.list(request.getHeaders("Sec-WebSocket-Protocol")).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::trim)
        .toList();
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key.trim() + KEY_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-1", impossible);
    }
  }

  @Override
  public Connection connection(Session session, Limits limits) {
    return ((TomcatSession) session).connection().output();
  }

  @Override
  public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    return ((TomcatSession) session).connection().receiveWith(receiver);
  }
}
