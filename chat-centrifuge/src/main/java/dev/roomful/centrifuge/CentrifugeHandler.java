package dev.roomful.centrifuge;

import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.protocol.JoinReply;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.protocol.ProtocolSession;
import dev.roomful.transport.Frame;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Executes the commands of one connection, one after the other: {@code connect} at once on the
 * transport's thread, all others in the participant's callback queue.
 */
final class CentrifugeHandler implements ProtocolHandler {
  private static final System.Logger LOG = System.getLogger("dev.roomful.centrifuge");

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

  /** The version of the jar; classes outside a jar have none. */
  private static final String VERSION =
      "Roomful "
          + Optional.ofNullable(CentrifugeHandler.class.getPackage().getImplementationVersion())
              .orElse("dev");

  final Centrifuge gateway;
  final CentrifugeProtocol protocol;
  final ProtocolSession session;
  final ChannelHandshake handshake;
  final TokenReader tokens;
  final SubscribeReplies subscribeReplies = new SubscribeReplies(this);
  private final AcceptedAdmission admission;
  private final Subscriptions subscriptions;
  private final CommandExecutor executor;
  private final Duration openedAt;

  // Only the transport's thread uses the next field.
  private boolean connectRejected;

  /** The reserved place of the reply to connect, until it is filled. */
  private final AtomicReference<@Nullable Consumer<@Nullable Frame>> connectReplySlot =
      new AtomicReference<>();

  private volatile @Nullable Identity identity;
  private volatile @Nullable CommandPricing pricing;
  private volatile @Nullable Heartbeat heartbeat;
  private volatile @Nullable Expiry expiry;

  CentrifugeHandler(
      Centrifuge gateway,
      CentrifugeProtocol protocol,
      ProtocolSession session,
      AcceptedAdmission admission,
      ChannelHandshake handshake) {
    this.gateway = gateway;
    this.protocol = protocol;
    this.session = session;
    this.admission = admission;
    this.handshake = handshake;
    this.tokens = new TokenReader(this, handshake.remoteAddress());
    this.openedAt = now();
    this.subscriptions = new Subscriptions(this);
    this.executor = new CommandExecutor(this);
  }

  Duration now() {
    return ProtocolGateway.of(gateway.chat).monotonicTime();
  }

  @Override
  public void text(String text) {
    try {
      handle(protocol.codec.decode(text));
    } catch (MalformedFrameException malformed) {
      disconnect(Disconnect.BAD_REQUEST);
    }
  }

  @Override
  public void binary(ByteBuffer bytes) {
    try {
      handle(protocol.codec.decode(bytes));
    } catch (MalformedFrameException malformed) {
      disconnect(Disconnect.BAD_REQUEST);
    }
  }

  private void handle(List<Command> commands) {
    List<Runnable> tasks = new ArrayList<>();
    for (Command command : commands) {
      Heartbeat currentHeartbeat = heartbeat;
      if (currentHeartbeat != null && command.request() instanceof ClientRequest.Pong) {
        if (!currentHeartbeat.pongReceived()) {
          disconnect(Disconnect.BAD_REQUEST);
          return;
        }
      } else if (currentHeartbeat != null) {
        tasks.add(() -> execute(command));
      } else if (!connectRejected && command.request() instanceof ClientRequest.Connect connect) {
        connect(command.id(), connect, tasks);
      } else {
        disconnect(Disconnect.BAD_REQUEST);
      }
      if (!session.isOpen()) {
        return;
      }
    }
    if (!tasks.isEmpty()) {
      session.enqueue(tasks);
    }
  }

  private void connect(long id, ClientRequest.Connect request, List<Runnable> tasks) {
    Optional<Identity> identified;
    Expiry newExpiry;
    try {
      identified = identify(request);
      newExpiry = tokens.expiry(identified.map(Identity::expiresAt).orElse(0L));
    } catch (InvalidTokenException rejection) {
      ClientError error = rejection.error();
      if (error != null) {
        rejectConnect(id, error);
      } else {
        disconnect(Disconnect.INVALID_TOKEN);
      }
      return;
    }
    if (identified.isEmpty()) {
      rejectConnect(id, ClientError.UNAUTHORIZED);
      return;
    }
    Identity newIdentity = identified.get();
    // Before others can find the participant: no push may overtake the reply.
    connectReplySlot.set(session.reserveFrame());
    try {
      connect(id, request, newIdentity, newExpiry, tasks);
    } catch (Throwable failure) {
      fillConnectReply(null);
      throw failure;
    }
  }

  private void connect(
      long id,
      ClientRequest.Connect request,
      Identity newIdentity,
      Expiry newExpiry,
      List<Runnable> tasks) {
    identity = newIdentity;
    pricing =
        new CommandPricing(
            session,
            gateway.allowances,
            newIdentity.user(),
            handshake.remoteAddress().orElse(null));
    Optional<Rejection> rejection =
        session
            .identify(newIdentity.id(), newIdentity.name(), newIdentity.attributes())
            .rejection();
    if (rejection.isPresent()) {
      connectRejected = true;
      fillConnectReply(protocol.frame(new Reply(id, ProtocolMapping.errorFor(rejection.get()))));
      return;
    }
    if (!request.name().isEmpty()) {
      session.mergeFrames(); // SDKs send their name; other clients may not be able to split frames
    }
    expiry = newExpiry;
    heartbeat = new Heartbeat(now());
    Runnable sendReply =
        () -> {
          Frame frame = null;
          try {
            frame = replyFrame(id, connectReply(newIdentity, newExpiry, request));
          } finally {
            fillConnectReply(frame);
          }
        };
    if (newIdentity.subs().isEmpty()) {
      sendReply.run();
    } else {
      tasks.add(sendReply); // subscribes, and so has to run in the callback queue
    }
  }

  /** {@return who the client is, or nothing if it has to show a token and shows none} */
  private Optional<Identity> identify(ClientRequest.Connect request) throws InvalidTokenException {
    if (!request.token().isEmpty()) {
      return Optional.of(Identity.of(tokens.connection(request.token()), session.id()));
    }
    if (gateway.anonymousAllowed) {
      return Optional.of(Identity.anonymous(session.id(), request.data()));
    }
    return tokens.isEnabled() ? Optional.empty() : Optional.of(Identity.of(admission));
  }

  private Reply.Connected connectReply(
      Identity newIdentity, Expiry newExpiry, ClientRequest.Connect request) {
    return new Reply.Connected(
        session.id(),
        VERSION,
        newExpiry.timeToLive(now()),
        Data.NONE,
        subscriptions.subscribeServerSide(newIdentity.subs(), request.subs()),
        (int) Heartbeat.INTERVAL.toSeconds(),
        true,
        UUID.randomUUID().toString(),
        gateway.node);
  }

  private void rejectConnect(long id, ClientError error) {
    connectRejected = true;
    reply(id, error);
  }

  private void execute(Command command) {
    ClientRequest request = command.request();
    if (request instanceof ClientRequest.Connect) {
      disconnect(Disconnect.BAD_REQUEST);
      return;
    }
    CommandPricing currentPricing = pricing;
    Optional<Rejection> rateRejection =
        currentPricing == null ? Optional.empty() : currentPricing.check(request, now());
    ClientError error =
        rateRejection.map(ProtocolMapping::errorFor).orElse(request.unsupportedError());
    if (request instanceof ClientRequest.Send send) {
      if (error == null) {
        executor.handleSend(send);
      }
    } else if (error != null) {
      reply(command.id(), error);
    } else {
      Reply.Outcome outcome =
          request instanceof ClientRequest.Subscribe subscribe
              ? subscriptions.subscribe(command.id(), subscribe)
              : request instanceof ClientRequest.Unsubscribe unsubscribe
                  ? subscriptions.unsubscribe(unsubscribe)
                  : request instanceof ClientRequest.Refresh refresh
                      ? refresh(refresh)
                      : request instanceof ClientRequest.SubRefresh refresh
                          ? subscriptions.refresh(refresh)
                          : executor.execute(request);
      if (outcome != null) {
        reply(command.id(), outcome);
      }
    }
  }

  private Reply.@Nullable Outcome refresh(ClientRequest.Refresh request) {
    if (request.token().isEmpty()) {
      return disconnect(Disconnect.BAD_REQUEST);
    }
    if (!tokens.isEnabled()) {
      return ClientError.NOT_AVAILABLE;
    }
    try {
      ConnectionToken token = tokens.connection(request.token());
      if (!token.user().equals(user())) {
        return disconnect(Disconnect.INVALID_TOKEN);
      }
      Identity currentIdentity = identity;
      if (currentIdentity == null
          || !token.subs().keySet().equals(currentIdentity.subs().keySet())) {
        return disconnect(
            Disconnect
                .INSUFFICIENT_STATE); // the client reconnects and is subscribed to the channels of
        // its new token
      }
      updateAttribute(Participant.INFO, token.info());
      updateAttribute(Centrifuge.META, token.meta());
      Expiry newExpiry = tokens.expiry(token.expireAt());
      expiry = newExpiry;
      return new Reply.Refreshed(session.id(), "", newExpiry.timeToLive(now()));
    } catch (InvalidTokenException rejection) {
      return switch (rejection.kind()) {
        case INVALID -> disconnect(Disconnect.INVALID_TOKEN);
        case EXPIRED -> disconnect(Disconnect.EXPIRED);
        case THROTTLED, FAILED -> rejection.error();
      };
    }
  }

  /** Updates an attribute, unless it has the value already: other clients receive each update. */
  private void updateAttribute(String attribute, Data data) {
    Participant participant = session.participant();
    if (!data.isEmpty() && !data.text().equals(participant.attributes().get(attribute))) {
      participant.update(attribute, data.text());
    }
  }

  /** Logs that code which was called for this client threw something. */
  void log(String callee, Throwable failure) {
    String client =
        identity == null
            ? "connection " + session.id() + ", which is not identified yet"
            : "participant " + session.participant() + " on connection " + session.id();
    LOG.log(
        Level.ERROR,
        () -> callee + " threw an exception for " + client,
        EscapedFailure.of(failure));
  }

  /** {@return the user whose tokens this client may show, empty without a user id} */
  String user() {
    Identity currentIdentity = identity;
    return currentIdentity == null ? "" : currentIdentity.user();
  }

  void reply(long id, Reply.Outcome outcome) {
    session.send(fittingReplyFrame(id, outcome));
  }

  /**
   * Encodes a reply and charges the client for it. A reply that does not fit into the outbox is an
   * error in its place: otherwise the client would be closed as too slow, reconnect and ask again.
   */
  private Frame fittingReplyFrame(long id, Reply.Outcome outcome) {
    Frame frame = replyFrame(id, outcome);
    return frame.size() <= maxReplyBytes()
        ? frame
        : protocol.frame(new Reply(id, ClientError.REPLY_TOO_LARGE));
  }

  private long maxReplyBytes() {
    return 3L * gateway.limits().outboxBytes() / 4;
  }

  /** Encodes the reply to a command that has taken effect, so that it cannot become an error. */
  Frame replyFrame(long id, Reply.Outcome outcome) {
    Frame frame = protocol.frame(new Reply(id, outcome));
    CommandPricing currentPricing = pricing;
    if (currentPricing != null) {
      currentPricing.chargeReply(frame.size());
    }
    return frame;
  }

  /** Closes the connection; returns null, because the command has no reply. */
  Reply.@Nullable Outcome disconnect(Disconnect reason) {
    session.close(ProtocolMapping.toCloseStatus(reason));
    fillConnectReply(null);
    return null;
  }

  /** Fills the place of the reply to connect, or gives it up: a close would wait behind it. */
  private void fillConnectReply(@Nullable Frame frame) {
    Consumer<@Nullable Frame> slot = connectReplySlot.getAndSet(null);
    if (slot != null) {
      slot.accept(frame);
    }
  }

  @Override
  public JoinReply serverJoinReply() {
    return subscribeReplies.serverJoinReply();
  }

  @Override
  public Frame encodeRemoval(Room room, CloseStatus why) {
    return subscriptions.encodeRemoval(room, why);
  }

  @Override
  public void tick() {
    Duration now = now();
    Heartbeat beating = heartbeat;
    Expiry good = expiry;
    if (beating == null) {
      if (now.minus(openedAt).compareTo(CONNECT_TIMEOUT) >= 0) {
        disconnect(Disconnect.STALE);
      }
    } else if (beating.isPongOverdue(now)) {
      disconnect(Disconnect.NO_PONG);
    } else if (good != null && good.isRefreshOverdue(now)) {
      disconnect(Disconnect.EXPIRED);
    } else {
      if (beating.takeDuePing(now)) {
        session.send(protocol.frame(new ServerMessage.Ping()));
      }
      subscriptions.tick(now);
    }
  }
}
