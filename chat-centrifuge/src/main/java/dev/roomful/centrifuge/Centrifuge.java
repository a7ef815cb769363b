package dev.roomful.centrifuge;

import dev.roomful.Amendment;
import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.tokens.Tokens;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A gateway to a chat for clients of the Centrifuge protocol. Channels are rooms, a connection is a
 * client, and its user is a participant. Plain-text clients may be in the same rooms.
 *
 * <pre>{@code
 * Centrifuge centrifuge = Centrifuge.on(chat).withTokens(Tokens.hs256(secret));
 * JettyChat.mount(JakartaChat.of(chat, "/connection/websocket").withGateway(centrifuge), context);
 * }</pre>
 *
 * <p>The connection token identifies the client ({@link #withTokens}), or the data of its {@code
 * connect} command does ({@link #withAnonymous}); without either, the chat's authenticator
 * identifies it at the handshake. The authenticator also decides about each subscription: it
 * receives the channel as the path parameter {@code room} and the user as the principal, and has to
 * accept with that room. A subscription token takes the place of the authenticator.
 *
 * <p>Immutable; each {@code with} method returns a changed copy. Safe for use by many threads.
 */
public final class Centrifuge implements Gateway {
  /**
   * The attribute of a participant that holds the {@code meta} of its connection token: JSON as
   * text. No client receives it.
   */
  public static final String META = "centrifuge.meta";

  /**
   * The tag of a publication that is an {@link Amendment}: {@code edit}, {@code delete}, {@code
   * react}, {@code unreact}, {@code pin} or {@code unpin}.
   */
  public static final String AMENDMENT_TAG = "roomful.amendment";

  /** The tag with the {@link Amendment#target} of an amendment: epoch, colon and offset. */
  public static final String TARGET_TAG = "roomful.target";

  /** The tag with the {@link Amendment#reaction} of an amendment. */
  public static final String REACTION_TAG = "roomful.reaction";

  /** The tag of the notice of a read mark with the id of the participant who has read. */
  public static final String READER_TAG = "roomful.reader";

  /** The tag of the notice of a read mark with the position: epoch, colon and offset. */
  public static final String READ_TAG = "roomful.read";

  final Chat chat;

  /** Names this server in replies to {@code connect}. */
  final String node;

  final KeyedRateLimiter allowances;
  final StoredPublications publications = new StoredPublications();
  private final @Nullable CentrifugeProtocol protobuf;
  private final Gateway gateway;

  // Set before a copy is returned, and never after.
  @Nullable Tokens tokens;
  @Nullable KeyedRateLimiter invalidTokens;
  boolean anonymousAllowed;
  Map<String, RpcHandler> rpcHandlers = Map.of();
  @Nullable BiConsumer<Participant, Payload> sendListener;
  InstantSource clock = InstantSource.system();

  private Centrifuge(
      Chat chat, String node, KeyedRateLimiter allowances, @Nullable CentrifugeProtocol protobuf) {
    this.chat = chat;
    this.node = node;
    this.allowances = allowances;
    this.protobuf = protobuf;
    this.gateway = Gateway.of(chat);
  }

  private Centrifuge copy() {
    Centrifuge copy = new Centrifuge(chat, node, allowances, protobuf);
    copy.tokens = tokens;
    copy.invalidTokens = invalidTokens;
    copy.anonymousAllowed = anonymousAllowed;
    copy.rpcHandlers = rpcHandlers;
    copy.sendListener = sendListener;
    copy.clock = clock;
    return copy;
  }

  /** Handles the calls of one rpc method. */
  @FunctionalInterface
  public interface RpcHandler {
    /**
     * Handles a call. Runs in the participant's callback queue, as the callbacks of the {@link
     * dev.roomful.RoomHandler} do. A handler that throws is logged, and the caller receives error
     * 100.
     *
     * @param participant the caller
     * @param data the data of the call, JSON as text; an empty text if there is none
     * @return the reply
     */
    RpcReply handle(Participant participant, Payload data);
  }

  /**
   * Returns a gateway to a chat, with the chat's authenticator and without rpc methods. It accepts
   * Protobuf clients if {@code protobuf-java} is on the class path.
   *
   * @param chat the chat
   * @return the gateway
   * @throws IllegalStateException if {@code protobuf-java} is on the class path but older than the
   *     generated code of this library
   */
  public static Centrifuge on(Chat chat) {
    return new Centrifuge(
        Objects.requireNonNull(chat, "chat"),
        UUID.randomUUID().toString(),
        CommandRateLimiter.newAllowances(Gateway.of(chat).limits().roomsPerParticipant()),
        ProtobufSupport.load());
  }

  /**
   * Returns a gateway whose tokens identify the clients, in place of the authenticator.
   * Subscription tokens admit clients to rooms, beside the authenticator.
   *
   * @param tokens the tokens to accept
   * @return a changed copy
   */
  public Centrifuge withTokens(Tokens tokens) {
    Centrifuge copy = copy();
    copy.tokens = Objects.requireNonNull(tokens, "tokens");
    return copy;
  }

  /**
   * Limits the invalid tokens that each address may show. Above the limit the gateway rejects the
   * address's handshakes with status 429, and answers tokens on connections that are open with
   * error 111, without reading them. Expired tokens do not count. 10,000 addresses are remembered.
   *
   * <p>Behind a proxy, all clients come from the proxy's address unless the server is configured to
   * take the address from the forwarding headers; without that, let the proxy limit the handshakes.
   * By default there is no limit.
   *
   * @param perMinute the number of invalid tokens a minute, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public Centrifuge withInvalidTokenLimit(int perMinute) {
    if (perMinute < 1) {
      throw new IllegalArgumentException(
          "invalid token limit is " + perMinute + " a minute: must be at least 1");
    }
    Centrifuge copy = copy();
    copy.invalidTokens = new KeyedRateLimiter(perMinute, Duration.ofMinutes(1));
    return copy;
  }

  /**
   * Returns a gateway that also accepts clients without a token. The data of their {@code connect}
   * command may have a {@code name}, the display name, and a {@code key}, a long random text that
   * the client invents and keeps: the same key is the same participant. The participant's id begins
   * with {@code anonymous-} and is a digest of the key, from which other clients cannot learn it.
   * Without a key, each connection is a participant of its own.
   *
   * <p>Without {@link #withTokens} all clients connect in this way, and the authenticator only
   * decides about subscriptions.
   *
   * @return a changed copy
   */
  public Centrifuge withAnonymous() {
    Centrifuge copy = copy();
    copy.anonymousAllowed = true;
    return copy;
  }

  /**
   * Handles the calls ({@code rpc}) of one method.
   *
   * @param method the name of the method
   * @param handler the handler
   * @return a changed copy
   * @throws IllegalArgumentException if the method has a handler already
   */
  public Centrifuge withRpc(String method, RpcHandler handler) {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(handler, "handler");
    Centrifuge copy = copy();
    copy.rpcHandlers = new HashMap<>(rpcHandlers);
    if (copy.rpcHandlers.put(method, handler) != null) {
      throw new IllegalArgumentException(
          "rpc method \"" + method + "\" has a handler already: register each method once");
    }
    return copy;
  }

  /**
   * Returns a gateway that accepts messages without a channel ({@code send}). Without a listener, a
   * client that sends one is closed with 3508. An exception of the listener is logged.
   *
   * @param listener called in the participant's callback queue, as the callbacks of the {@link
   *     dev.roomful.RoomHandler} are
   * @return a changed copy
   */
  public Centrifuge withSendListener(BiConsumer<Participant, Payload> listener) {
    Centrifuge copy = copy();
    copy.sendListener = Objects.requireNonNull(listener, "listener");
    return copy;
  }

  /** Replaces the clock that decides whether tokens have expired. */
  Centrifuge withClock(InstantSource clock) {
    Centrifuge copy = copy();
    copy.clock = clock;
    return copy;
  }

  @Override
  public Chat chat() {
    return chat;
  }

  @Override
  public Admission admit(Handshake handshake) {
    return new HandshakeAdmission(this).admit(handshake);
  }

  @Override
  public Receiver open(AcceptedAdmission admission, Connection connection) {
    SubscribeHandshake handshake = SubscribeHandshake.from(admission.attributes());
    if (handshake == null) {
      throw new IllegalArgumentException(
          "admission " + admission + " is not of this gateway: pass what its admit returned");
    }
    CentrifugeProtocol protocol = CentrifugeProtocol.select(handshake.subprotocols(), protobuf);
    return ProtocolGateway.of(chat)
        .open(
            protocol,
            session -> new CentrifugeProtocolHandler(this, protocol, session, admission, handshake),
            connection);
  }

  @Override
  public boolean mayBlock() {
    return gateway.mayBlock();
  }

  @Override
  public Executor callbackExecutor() {
    return gateway.callbackExecutor();
  }

  @Override
  public List<String> subprotocols() {
    String json = CentrifugeProtocol.JSON.codec.subprotocol();
    return protobuf == null ? List.of(json) : List.of(protobuf.codec.subprotocol(), json);
  }

  /** Tells a Protobuf client, and the operator by the log, what the server lacks. */
  @Override
  public Optional<Rejection> subprotocolRejection(List<String> offered) {
    return protobuf == null && offered.contains(ProtobufSupport.SUBPROTOCOL)
        ? Optional.of(
            new Rejection(
                400,
                "subprotocol",
                "the client asks for "
                    + ProtobufSupport.SUBPROTOCOL
                    + ", but the server has no protobuf-java on its class path: add"
                    + " com.google.protobuf:protobuf-java there, or let the client use "
                    + CentrifugeProtocol.JSON.codec.subprotocol()))
        : Optional.empty();
  }

  @Override
  public void beginRead() {
    gateway.beginRead();
  }

  @Override
  public void endRead() {
    gateway.endRead();
  }

  @Override
  public Limits limits() {
    return gateway.limits();
  }
}
