package dev.roomful.jetty;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jakarta.ServerBinding;
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
final class TestServer {
  static final String PATH = "/chat/{room}/{id}";

  /** The defaults, except that a test may say as much as it likes and nothing waits for long. */
  static final Limits LIMITS =
      Limits.defaults().withMessageRate(0, 0).withCloseTimeout(Duration.ofMillis(500));

  final Server server = new Server();
  final ServletContextHandler context = new ServletContextHandler("/");
  final ServerConnector connector;
  private final @Nullable TestCertificate certificate;
  private final List<Chat> chats = new ArrayList<>();
  private final List<WireClient> clients = new ArrayList<>();

  TestServer() {
    this(null);
  }

  /** With a certificate it speaks TLS only. */
  TestServer(@Nullable TestCertificate certificate) {
    this.certificate = certificate;
    connector =
        certificate == null
            ? new ServerConnector(server)
            : new ServerConnector(server, sslContextFactory(certificate), httpsConnectionFactory());
    connector.setHost("localhost");
    server.addConnector(connector);
    server.setHandler(context);
  }

  private static SslContextFactory.Server sslContextFactory(TestCertificate certificate) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setKeyStorePath(certificate.keyStoreFile().toString());
    factory.setKeyStorePassword(TestCertificate.PASSWORD);
    return factory;
  }

  private static HttpConnectionFactory httpsConnectionFactory() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer());
    return new HttpConnectionFactory(configuration);
  }

  /** A chat that lets everybody in as and where the path says. */
  Chat chat(RoomHandler handler, Limits limits) {
    return chat(Chat.builder(handler).limits(limits).authenticator(TestServer::authenticateByPath));
  }

  static AcceptedAdmission authenticateByPath(Handshake handshake) {
    return AcceptedAdmission.of(
        handshake.path("id").orElseThrow(), handshake.path("room").orElseThrow());
  }

  Chat chat(Chat.Builder builder) {
    Chat chat = builder.build();
    chats.add(chat);
    return chat;
  }

  /** Mounts a chat, and starts. */
  TestServer serve(Chat chat) throws Exception {
    JettyChat.mount(chat, context, PATH);
    return start();
  }

  /** Mounts a chat that is written in another way, and starts. */
  TestServer serve(Chat chat, ServerBinding binding) throws Exception {
    JakartaChat mount = JakartaChat.of(chat, PATH).withBinding(binding);
    JakartaWebSocketServletContainerInitializer.configure(context, null);
    context.addServlet(new ServletHolder(mount.servlet()), mount.servletMapping());
    return start();
  }

  /** The way round batches. */
  static ServerBinding unbatchedBinding() {
    return (session, limits) ->
        new JettyConnection(((JakartaWebSocketSession) session).getCoreSession());
  }

  TestServer start() throws Exception {
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
    return certificate == null ? dial : dial.tls(certificate.sslContext());
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
  WireClient join(Chat chat, String room, String id) throws Exception {
    WireClient client = connect(room, id);
    awaitParticipant(chat, id);
    return client;
  }

  static Participant awaitParticipant(Chat chat, String id) {
    Await.until(
        id + " is in a room",
        () ->
            chat.participant(id).filter(participant -> !participant.rooms().isEmpty()).isPresent());
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
