package dev.roomful.testkit;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An application's own server on {@code localhost} with chats mounted on it, and the clients of one
 * test. An adapter's tests extend it with what is special about its server.
 */
public abstract class ServerFixture {
  /** The path that {@link #authenticateByPath} reads. */
  public static final String PATH = "/chat/{room}/{id}";

  /** The default limits without a message rate, and with a close timeout of half a second. */
  public static final Limits LIMITS =
      Limits.defaults().withMessagesPerSecond(0).withCloseTimeout(Duration.ofMillis(500));

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final @Nullable SSLContext tls;
  private final List<Chat> chats = new ArrayList<>();
  private final List<WireClient> clients = new ArrayList<>();

  /**
   * Creates a server that has not been started.
   *
   * @param tls what its clients trust; null for a server without TLS
   */
  protected ServerFixture(@Nullable SSLContext tls) {
    this.tls = tls;
  }

  /**
   * Mounts a chat on the server, which has not been started.
   *
   * @param chat the chat
   * @param path where to mount it
   */
  public abstract void mount(Chat chat, String path);

  /**
   * Starts the server on a free port.
   *
   * @throws Exception if that fails
   */
  public abstract void start() throws Exception;

  /**
   * Stops the application that the chats are mounted on, as a redeployment does. Its server may go
   * on.
   *
   * @throws Exception if that fails
   */
  public abstract void stopApplication() throws Exception;

  /**
   * Stops the server, also one that was never started, or was stopped before.
   *
   * @throws Exception if that fails
   */
  public abstract void stopServer() throws Exception;

  /** {@return the port of the running server} */
  public abstract int port();

  /**
   * Creates a chat that admits each client with the id and to the room that its path names.
   *
   * @param handler the chat's handler
   * @param limits the chat's limits
   * @return the chat, which {@link #stop} closes
   */
  public Chat chat(RoomHandler handler, Limits limits) {
    return chat(
        Chat.builder(handler).limits(limits).authenticator(ServerFixture::authenticateByPath));
  }

  /**
   * Creates a chat.
   *
   * @param builder the chat's settings
   * @return the chat, which {@link #stop} closes
   */
  public Chat chat(Chat.Builder builder) {
    Chat chat = builder.build();
    chats.add(chat);
    return chat;
  }

  /**
   * Admits a client with the id and to the room that its path names.
   *
   * @param handshake the handshake
   * @return the admission
   */
  public static AcceptedAdmission authenticateByPath(Handshake handshake) {
    return AcceptedAdmission.of(
        handshake.path("id").orElseThrow(), handshake.path("room").orElseThrow());
  }

  /**
   * Mounts a chat at {@link #PATH}, and starts the server.
   *
   * @param chat the chat
   * @throws Exception if the server does not start
   */
  public void serve(Chat chat) throws Exception {
    mount(chat, PATH);
    start();
  }

  /**
   * Makes an address of the running server.
   *
   * @param scheme {@code http} or {@code ws}; {@code s} is added for TLS
   * @param pathAndQuery the rest, encoded as in a URI
   * @return the address
   */
  public URI uri(String scheme, String pathAndQuery) {
    return URI.create(scheme + (tls == null ? "" : "s") + "://localhost:" + port() + pathAndQuery);
  }

  /**
   * Creates a request to connect.
   *
   * @param pathAndQuery where to, encoded as in a URI
   * @return the request, for {@link #connect(ConnectRequest)}
   */
  public ConnectRequest request(String pathAndQuery) {
    ConnectRequest request = WireClient.request(uri("ws", pathAndQuery));
    return tls == null ? request : request.tls(tls);
  }

  /**
   * Connects a client at {@link #PATH}.
   *
   * @param room the room
   * @param id the participant's id
   * @return the client, which {@link #stop} closes
   * @throws IOException if there is no answer
   */
  public WireClient connect(String room, String id) throws IOException {
    return connect(request("/chat/" + room + "/" + id));
  }

  /**
   * Connects a client.
   *
   * @param request the request
   * @return the client, which {@link #stop} closes
   * @throws IOException if there is no answer
   */
  public WireClient connect(ConnectRequest request) throws IOException {
    WireClient client = request.connect();
    clients.add(client);
    return client;
  }

  /**
   * Connects a client at {@link #PATH}, and waits until its participant is in the room.
   *
   * @param chat the chat that is mounted there
   * @param room the room
   * @param id the participant's id
   * @return the client, which {@link #stop} closes
   * @throws IOException if there is no answer
   */
  public WireClient join(Chat chat, String room, String id) throws IOException {
    WireClient client = connect(room, id);
    awaitParticipant(chat, id);
    return client;
  }

  /**
   * Waits until a participant is in a room.
   *
   * @param chat the chat
   * @param id the participant's id
   * @return the participant
   * @throws AssertionError if it is in no room within 5 seconds
   */
  public static Participant awaitParticipant(Chat chat, String id) {
    Await.until(
        id + " is in a room",
        TIMEOUT,
        () ->
            chat.rooms().stream()
                .flatMap(room -> room.participants().stream())
                .anyMatch(participant -> participant.id().equals(id)));
    return chat.participant(id).orElseThrow();
  }

  /**
   * Closes the clients, then the chats, and stops the server.
   *
   * @throws Exception if the server does not stop
   */
  public void stop() throws Exception {
    clients.forEach(WireClient::close);
    try {
      chats.forEach(Chat::close);
    } finally {
      stopServer();
    }
  }
}
