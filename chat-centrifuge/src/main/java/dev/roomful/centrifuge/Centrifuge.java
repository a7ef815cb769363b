package dev.roomful.centrifuge;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.protocol.ProtocolGateway;
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
 * The door of a chat for clients of the Centrifuge protocol. Channels are rooms, a connection is a
 * client, and its user a participant; whoever hears plain text may be in the same rooms.
 *
 * <pre>{@code
 * Centrifuge centrifuge = Centrifuge.on(chat).tokens(Tokens.hs256(secret));
 * JettyChat.mount(JakartaChat.of(chat, "/connection/websocket").gateway(centrifuge), context);
 * }</pre>
 *
 * <p>Who a client is, its token says, or its own word where it may be {@link #anonymousAllowed};
 * without either, the chat's doorman does, at the handshake. Into which rooms it may, the doorman
 * says, who is asked for each subscription with the channel as the handshake's path parameter
 * {@code room} and the user as its principal, and has to answer with an entry into that room; or a
 * subscription token does. Immutable; each setter gives a changed copy.
 */
public final class Centrifuge implements Gateway {
  /**
   * The participant's attribute that holds the {@code meta} of its connection token, JSON as text.
   * No client is told.
   */
  public static final String META = "centrifuge.meta";

  /** The forms, by the names that clients offer. */
  static final List<String> SUBPROTOCOLS = List.of("centrifuge-protobuf", "centrifuge-json");

  final Chat chat;

  /** What clients are told of which server they are at. */
  final String node;

  final KeyedRateLimiter allowances;
  private final Gateway gateway;

  // Set before a copy is given out, and never after.
  @Nullable Tokens tokens;
  @Nullable KeyedRateLimiter invalidTokens;
  boolean anonymousAllowed;
  Map<String, RpcHandler> rpcHandlers = Map.of();
  @Nullable BiConsumer<Participant, Payload> sendListener;
  InstantSource clock = InstantSource.system();

  private Centrifuge(Chat chat, String node, KeyedRateLimiter allowances) {
    this.chat = chat;
    this.node = node;
    this.allowances = allowances;
    this.gateway = Gateway.of(chat);
  }

  private Centrifuge copy() {
    Centrifuge copy = new Centrifuge(chat, node, allowances);
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
   * The door of a chat.
   *
   * @param chat the chat
   * @return the door, at which the doorman says who somebody is
   */
  public static Centrifuge on(Chat chat) {
    return new Centrifuge(
        Objects.requireNonNull(chat, "chat"),
        UUID.randomUUID().toString(),
        CommandPricing.newAllowances(Gateway.of(chat).limits().roomsPerParticipant()));
  }

  /**
   * Lets a token say who somebody is, in place of the doorman, and into which rooms it may, beside
   * the doorman.
   *
   * @param tokens which tokens are believed
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
   * Lets in clients without a token, by the data that they connect with: under its {@code name}, or
   * as a guest. Who gives a {@code key}, of its own invention, is the same participant whenever it
   * gives it again: a browser keeps a long random one. Others are told an id from which the key
   * cannot be had. Without a key, each connection is a participant of its own. Such ids begin with
   * {@code guest-}.
   *
   * <p>Without {@link #tokens} that is how everybody comes in, and the doorman is only asked for
   * each subscription.
   *
   * @return a changed copy
   */
  public Centrifuge withAnonymous() {
    Centrifuge copy = copy();
    copy.anonymousAllowed = true;
    return copy;
  }

  /**
   * Answers calls ({@code rpc}).
   *
   * @param method what is called
   * @param handler what answers
   * @return a changed copy
   */
  public Centrifuge withRpc(String method, RpcHandler handler) {
    Centrifuge copy = copy();
    copy.rpcHandlers = new HashMap<>(rpcHandlers);
    copy.rpcHandlers.put(method, Objects.requireNonNull(handler, "call"));
    return copy;
  }

  /**
   * Takes messages that clients {@code send} in no channel. Without it, who sends one is closed.
   *
   * @param listener told in the participant's turns, as the handler is
   * @return a changed copy
   */
  public Centrifuge withSendListener(BiConsumer<Participant, Payload> listener) {
    Centrifuge copy = copy();
    copy.sendListener = Objects.requireNonNull(listener, "listener");
    return copy;
  }

  /** By another clock, which decides about tokens. */
  Centrifuge withClock(InstantSource clock) {
    Centrifuge copy = copy();
    copy.clock = clock;
    return copy;
  }

  @Override
  public Admission admit(Handshake handshake) {
    ChannelHandshake channelHandshake = ChannelHandshake.of(handshake);
    return ProtocolGateway.of(chat)
        .checkAdmission(handshake)
        .or(() -> checkInvalidTokens(handshake))
        .map(Admission.class::cast)
        .orElseGet(
            () ->
                tokens != null || anonymousAllowed
                    ? AcceptedAdmission.of("?", "?")
                        .withAttribute(ChannelHandshake.KEY, channelHandshake)
                    : withHandshake(
                        ProtocolGateway.of(chat).authenticate(handshake), channelHandshake));
  }

  private Optional<Rejection> checkInvalidTokens(Handshake handshake) {
    KeyedRateLimiter limiter = invalidTokens;
    Duration wait =
        limiter == null
            ? Duration.ZERO
            : handshake
                .remoteAddress()
                .map(
                    address ->
                        limiter.timeToToken(address, ProtocolGateway.of(chat).monotonicTime()))
                .orElse(Duration.ZERO);
    return wait.isZero()
        ? Optional.empty()
        : Optional.of(
            new Rejection(
                429, Rejection.TOO_FAST, "too many invalid tokens from this address", wait));
  }

  private static Admission withHandshake(Admission admission, ChannelHandshake handshake) {
    return admission instanceof AcceptedAdmission accepted
        ? accepted.withAttribute(ChannelHandshake.KEY, handshake)
        : admission;
  }

  @Override
  public Receiver open(AcceptedAdmission admission, Connection connection) {
    ChannelHandshake handshake = ChannelHandshake.from(admission.attributes());
    if (handshake == null) {
      throw new IllegalArgumentException(
          "the entry " + admission + " is not of this gateway: open with what its admit gave");
    }
    CentrifugeProtocol protocol = CentrifugeProtocol.of(handshake.subprotocols());
    return ProtocolGateway.of(chat)
        .open(
            protocol,
            session -> new CentrifugeHandler(this, protocol, session, admission, handshake),
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
    return SUBPROTOCOLS;
  }

  @Override
  public Limits limits() {
    return gateway.limits();
  }
}
