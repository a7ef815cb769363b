package dev.roomful.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Position;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.tokens.Tokens;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The server of {@code .ci/run-sdk-suites}, which runs the test suites of Centrifuge SDKs. It
 * replaces Centrifugo with the configuration of those suites: clients without a token may connect
 * and subscribe, and rooms keep a history, a short one if their names begin with {@code
 * smallhistory}. At {@code /api}, it has the methods of Centrifugo's HTTP API that the suites call.
 */
final class SdkSuiteServer {
  private static final RoomOptions OPTIONS = RoomOptions.defaults().withHistory(History.of(100));
  private static final RoomOptions SMALL_HISTORY = OPTIONS.withHistory(History.of(2));

  private final Chat chat =
      Chat.builder(new RoomHandler() {})
          .authenticator(this::authenticate)
          .limits(Limits.defaults().withMessagesPerSecond(0))
          .build();

  /** Starts the server on a free port, prints the port, and serves until the process ends. */
  public static void main(String[] args) throws Exception {
    new SdkSuiteServer().serve(args[0]);
  }

  private void serve(String secret) throws Exception {
    Centrifuge gateway = Centrifuge.on(chat).withTokens(Tokens.hs256(secret)).withAnonymous();
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    JettyChat.mount(JakartaChat.of(chat, "/connection/websocket").withGateway(gateway), context);
    context.addServlet(new ServletHolder(new Api()), "/api/*");
    server.start();
    System.out.println("port " + connector.getLocalPort());
    server.join();
  }

  private AcceptedAdmission authenticate(Handshake handshake) {
    String name = handshake.path("room").orElseThrow();
    return AcceptedAdmission.of(handshake.principal().orElseThrow().getName(), room(name).name());
  }

  private synchronized Room room(String name) {
    return chat.room(name)
        .orElseGet(
            () -> chat.open(name, name.startsWith("smallhistory") ? SMALL_HISTORY : OPTIONS));
  }

  private final class Api extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      Map<String, String> members =
          members(new String(request.getInputStream().readAllBytes(), UTF_8));
      String result = "{}";
      switch (request.getPathInfo()) {
        case "/publish" ->
            room(members.get("channel"))
                .announce(Payload.text(members.get("data")))
                .toCompletableFuture()
                .join();
        case "/history" -> {
          Position position = room(members.get("channel")).position();
          result = "{\"offset\":" + position.offset() + ",\"epoch\":\"" + position.epoch() + "\"}";
        }
        case "/disconnect" ->
            participant(members)
                .disconnect(
                    new CloseStatus(Integer.parseInt(members.get("code")), members.get("reason")))
                .orElseThrow();
        case "/unsubscribe" -> participant(members).leave(members.get("channel")).orElseThrow();
        default -> {
          response.sendError(HttpServletResponse.SC_NOT_FOUND);
          return;
        }
      }
      response.setContentType("application/json");
      response.getOutputStream().write(("{\"result\":" + result + "}").getBytes(UTF_8));
    }

    private Participant participant(Map<String, String> members) {
      return chat.participant(members.get("user")).orElseThrow();
    }
  }

  /** Reads the scalar members of an object and of objects in it, and {@code data} as JSON. */
  private static Map<String, String> members(String json) {
    JsonFactory factory = new JsonFactory();
    Map<String, String> members = new HashMap<>();
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token; (token = parser.nextToken()) != null; ) {
        if (token == JsonToken.PROPERTY_NAME && parser.currentName().equals("data")) {
          parser.nextToken();
          StringWriter data = new StringWriter();
          try (JsonGenerator copy = factory.createGenerator(ObjectWriteContext.empty(), data)) {
            copy.copyCurrentStructure(parser);
          }
          members.put("data", data.toString());
        } else if (token.isScalarValue()) {
          members.put(parser.currentName(), parser.getString());
        }
      }
    }
    return members;
  }
}
