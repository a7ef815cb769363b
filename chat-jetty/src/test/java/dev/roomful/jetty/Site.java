package dev.roomful.jetty;

import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.RoomHandler;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jakarta.Wiring;
import dev.roomful.testkit.Dial;
import dev.roomful.testkit.WireClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** An application's own server, with chats in its one context, and the clients of a test. */
final class Site {
  static final String PATH = "/chat/{room}/{id}";

  /** The defaults, except that a test may say as much as it likes and nothing waits for long. */
  static final Limits LIMITS = Limits.defaults().rate(0, 0).closeTimeout(Duration.ofMillis(500));

  final Server server = new Server();
  final ServletContextHandler context = new ServletContextHandler("/");
  final ServerConnector connector;
  private final @Nullable Certificate certificate;
  private final List<Chat> chats = new ArrayList<>();
  private final List<WireClient> clients = new ArrayList<>();

  Site() {
    this(null);
  }

  /** With a certificate it speaks TLS only. */
  Site(@Nullable Certificate certificate) {
    this.certificate = certificate;
    connector =
        certificate == null
            ? new ServerConnector(server)
            : new ServerConnector(server, keys(certificate), https());
    connector.setHost("localhost");
    server.addConnector(connector);
    server.setHandler(context);
  }

  private static SslContextFactory.Server keys(Certificate certificate) {
    SslContextFactory.Server keys = new SslContextFactory.Server();
    keys.setKeyStorePath(certificate.store().toString());
    keys.setKeyStorePassword(Certificate.PASSWORD);
    return keys;
  }

  private static HttpConnectionFactory https() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    return new HttpConnectionFactory(configuration);
  }

  /** A chat that lets everybody in as and where the path says. */
  Chat chat(RoomHandler handler, Limits limits) {
    return chat(Chat.builder(handler).limits(limits).doorman(Site::asThePathSays));
  }

  static Entry asThePathSays(Handshake handshake) {
    return Entry.of(handshake.path("id").orElseThrow(), handshake.path("room").orElseThrow());
  }

  Chat chat(Chat.Builder builder) {
    Chat chat = builder.build();
    chats.add(chat);
    return chat;
  }

  /** Mounts a chat, and starts. */
  Site serve(Chat chat) throws Exception {
    JettyChat.mount(chat, context, PATH);
    return start();
  }

  /** Mounts a chat that is written in another way, and starts. */
  Site serve(Chat chat, Wiring wiring) throws Exception {
    JakartaChat mount = JakartaChat.of(chat, PATH).wiring(wiring);
    JakartaWebSocketServletContainerInitializer.configure(context, null);
    context.addServlet(new ServletHolder(mount.servlet()), mount.servletMapping());
    return start();
  }

  /** The way round batches. */
  static Wiring frameByFrame() {
    return (session, limits) ->
        new JettyConnection(((JakartaWebSocketSession) session).getCoreSession());
  }

  Site start() throws Exception {
    server.start();
    return this;
  }

  URI uri(String scheme, String pathAndQuery) {
    return URI.create(
        scheme
            + (certificate == null ? "" : "s")
            + "://localhost:"
            + connector.getLocalPort()
            + pathAndQuery);
  }

  Dial dial(String pathAndQuery) throws Exception {
    Dial dial = WireClient.dial(uri("ws", pathAndQuery));
    return certificate == null ? dial : dial.tls(certificate.trusted());
  }

  WireClient connect(String room, String id) throws Exception {
    return connect(dial("/chat/" + room + "/" + id));
  }

  /** Sees to it that the client is gone when the test is over. */
  WireClient connect(Dial dial) throws IOException {
    WireClient client = dial.connect();
    clients.add(client);
    return client;
  }

  /** Connects, and returns when the participant is in its room. */
  WireClient enter(Chat chat, String room, String id) throws Exception {
    WireClient client = connect(room, id);
    participant(chat, id);
    return client;
  }

  static Participant participant(Chat chat, String id) {
    Await.until(
        id + " is in a room",
        () -> chat.participant(id).filter(who -> !who.rooms().isEmpty()).isPresent());
    return chat.participant(id).orElseThrow();
  }

  /** Ends everything, in a server that never started too. */
  void stop() throws Exception {
    clients.forEach(WireClient::close);
    try {
      for (Chat chat : chats) {
        chat.close();
      }
    } finally {
      server.stop();
    }
  }
}
