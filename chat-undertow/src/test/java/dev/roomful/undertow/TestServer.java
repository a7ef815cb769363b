package dev.roomful.undertow;

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
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server of an application, with chats in its one deployment, and the clients of a test. */
final class TestServer {
  static final String PATH = "/chat/{room}/{id}";

  /** The defaults, but without a message rate and with a short close timeout. */
  static final Limits LIMITS =
      Limits.defaults().withMessageRate(0, 0).withCloseTimeout(Duration.ofMillis(500));

  final Undertow.Builder builder = Undertow.builder().setIoThreads(2).setWorkerThreads(8);
  final DeploymentInfo deployment =
      Servlets.deployment()
          .setDeploymentName("site")
          .setContextPath("/")
          .setClassLoader(TestServer.class.getClassLoader());
  private final @Nullable TestCertificate certificate;
  private final List<Chat> chats = new ArrayList<>();
  private final List<WireClient> clients = new ArrayList<>();
  private @Nullable DeploymentManager manager;
  private @Nullable Undertow server;

  TestServer() {
    this(null);
  }

  /** Creates a server that accepts TLS only, if there is a certificate. */
  TestServer(@Nullable TestCertificate certificate) {
    this.certificate = certificate;
  }

  /** Creates a chat that admits every client to the room and with the id of its path. */
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

  /** Mounts a chat and starts the server. */
  TestServer serve(Chat chat) throws Exception {
    UndertowChat.mount(chat, deployment, PATH);
    return start();
  }

  /** Mounts a chat with another binding and starts the server. */
  TestServer serve(Chat chat, ServerBinding binding) throws Exception {
    JakartaChat mount = JakartaChat.of(chat, PATH).withBinding(binding);
    deployment.addServletContextAttribute(
        WebSocketDeploymentInfo.ATTRIBUTE_NAME,
        new WebSocketDeploymentInfo().setBuffers(new DefaultByteBufferPool(true, 16 << 10)));
    deployment.addServlet(
        Servlets.servlet("chat", HttpServlet.class, new ImmediateInstanceFactory<>(mount.servlet()))
            .addMapping(mount.servletMapping()));
    return start();
  }

  TestServer start() throws Exception {
    manager = Servlets.newContainer().addDeployment(deployment);
    manager.deploy();
    if (certificate == null) {
      builder.addHttpListener(0, "localhost");
    } else {
      builder.addHttpsListener(0, "localhost", certificate.sslContext());
    }
    server = builder.setHandler(manager.start()).build();
    server.start();
    return this;
  }

  Undertow server() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  URI uri(String scheme, String pathAndQuery) {
    InetSocketAddress address = (InetSocketAddress) server().getListenerInfo().get(0).getAddress();
    return URI.create(
        scheme
            + (certificate == null ? "" : "s")
            + "://localhost:"
            + address.getPort()
            + pathAndQuery);
  }

  Dial dial(String pathAndQuery) throws Exception {
    Dial dial = WireClient.dial(uri("ws", pathAndQuery));
    return certificate == null ? dial : dial.tls(certificate.sslContext());
  }

  WireClient connect(String room, String id) throws Exception {
    return connect(dial("/chat/" + room + "/" + id));
  }

  /** Connects a client that is disconnected when the test ends. */
  WireClient connect(Dial dial) throws IOException {
    WireClient client = dial.connect();
    clients.add(client);
    return client;
  }

  /** Connects and returns when the participant is in its room. */
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

  void undeploy() throws Exception {
    DeploymentManager deployed = manager;
    manager = null;
    if (deployed != null) {
      deployed.stop();
      deployed.undeploy();
    }
  }

  /** Stops everything, including what never started. */
  void stop() throws Exception {
    clients.forEach(WireClient::close);
    try {
      for (Chat chat : chats) {
        chat.close();
      }
      undeploy();
    } finally {
      if (server != null) {
        server.stop();
      }
    }
  }
}
