package dev.roomful.centrifuge;

import dev.roomful.CloseStatus;
import dev.roomful.Room;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.FailureLog;
import dev.roomful.protocol.JoinReplyEncoder;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.protocol.ProtocolHandler;
import dev.roomful.protocol.ProtocolSession;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Executes the commands of one connection, one after the other: {@code connect} at once on the
 * transport's thread, all others in the participant's callback queue.
 */
final class CentrifugeProtocolHandler implements ProtocolHandler {
  private static final FailureLog LOG = new FailureLog("dev.roomful.centrifuge");

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

  /** The version of the jar; classes outside a jar have none. */
  private static final String VERSION =
      "Roomful "
          + Optional.ofNullable(
                  CentrifugeProtocolHandler.class.getPackage().getImplementationVersion())
              .orElse("dev");

  final Centrifuge gateway;
  final CentrifugeProtocol protocol;
  final ProtocolSession session;
  final SubscribeHandshake handshake;
  final TokenReader tokens;
  final SubscribeReplies subscribeReplies = new SubscribeReplies(this);
  final ReplySender replies;
  private final ClientAuthentication authentication;
  private final ClientSubscriptions subscriptions;
  private final CommandExecutor executor;
  private final Duration openedAt;

  // Only the transport's thread uses the next field.
  private boolean connectRejected;

  private volatile @Nullable Heartbeat heartbeat;

  CentrifugeProtocolHandler(
      Centrifuge gateway,
      CentrifugeProtocol protocol,
      ProtocolSession session,
      AcceptedAdmission admission,
      SubscribeHandshake handshake) {
    this.gateway = gateway;
    this.protocol = protocol;
    this.session = session;
    this.handshake = handshake;
    this.tokens = new TokenReader(this, handshake.remoteAddress());
    this.replies = new ReplySender(session, protocol, gateway.limits().outboxBytes());
    this.authentication = new ClientAuthentication(this, admission);
    this.openedAt = now();
    this.subscriptions = new ClientSubscriptions(this);
    this.executor = new CommandExecutor(this, authentication, subscriptions);
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
        tasks.add(() -> executor.execute(command));
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
    Optional<ClientIdentity> identified;
    try {
      identified = authentication.identify(request);
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
    // Before others can find the participant: no push may overtake the reply.
    replies.reserveConnectReply();
    try {
      connect(id, request, identified.get(), tasks);
    } catch (Throwable failure) {
      replies.fillConnectReply(null);
      throw failure;
    }
  }

  private void connect(
      long id, ClientRequest.Connect request, ClientIdentity identity, List<Runnable> tasks) {
    CommandRateLimiter rateLimiter =
        new CommandRateLimiter(
            session, gateway.allowances, identity.user(), handshake.remoteAddress().orElse(null));
    executor.chargeTo(rateLimiter);
    replies.chargeTo(rateLimiter);
    Optional<Rejection> rejection =
        session.identify(identity.id(), identity.name(), identity.attributes()).rejection();
    if (rejection.isPresent()) {
      connectRejected = true;
      replies.fillConnectReply(replies.frame(id, ProtocolMapping.errorFor(rejection.get())));
      return;
    }
    if (session.renew(identity.credential()).isRejected()) {
      disconnect(Disconnect.INVALID_TOKEN);
      return;
    }
    if (!request.name().isEmpty()) {
      session.mergeFrames(); // SDKs send their name; other clients may not be able to split frames
    }
    heartbeat = new Heartbeat(now());
    Runnable sendReply =
        () -> {
          Frame frame = null;
          try {
            frame = replies.frame(id, connectReply(identity, request));
          } finally {
            replies.fillConnectReply(frame);
          }
        };
    if (identity.subs().isEmpty()) {
      sendReply.run();
    } else {
      tasks.add(sendReply); // subscribes, and so has to run in the callback queue
    }
  }

  private Reply.Connected connectReply(ClientIdentity identity, ClientRequest.Connect request) {
    return new Reply.Connected(
        session.id(),
        VERSION,
        authentication.timeToLive(now()),
        RawData.NONE,
        subscriptions.subscribeServerSide(identity.subs(), request.subs()),
        (int) Heartbeat.INTERVAL.toSeconds(),
        true,
        UUID.randomUUID().toString(),
        gateway.node);
  }

  private void rejectConnect(long id, ClientError error) {
    connectRejected = true;
    replies.send(id, error);
  }

  /** Logs that code which was called for this client threw something. */
  void log(String callee, Throwable failure) {
    String client =
        authentication.isIdentified()
            ? "participant " + session.participant() + " on connection " + session.id()
            : "connection " + session.id() + ", which is not identified yet";
    LOG.error(() -> callee + " threw an exception for " + client, failure);
  }

  String user() {
    return authentication.user();
  }

  /** Closes the connection; returns null, because the command has no reply. */
  Reply.@Nullable Outcome disconnect(Disconnect reason) {
    session.close(ProtocolMapping.toCloseStatus(reason));
    replies.fillConnectReply(null);
    return null;
  }

  @Override
  public JoinReplyEncoder serverJoinReply() {
    return subscribeReplies.serverJoinReply();
  }

  @Override
  public Frame encodeRemoval(Room room, CloseStatus status) {
    return subscriptions.encodeRemoval(room, status);
  }

  @Override
  public void tick() {
    Duration now = now();
    Heartbeat beating = heartbeat;
    if (beating == null) {
      if (now.minus(openedAt).compareTo(CONNECT_TIMEOUT) >= 0) {
        disconnect(Disconnect.STALE);
      }
    } else if (beating.isPongOverdue(now)) {
      disconnect(Disconnect.NO_PONG);
    } else if (authentication.isRefreshOverdue(now)) {
      disconnect(Disconnect.EXPIRED);
    } else {
      if (beating.takeDuePing(now)) {
        session.send(protocol.frame(new ServerMessage.Ping()));
      }
      subscriptions.tick(now);
    }
  }
}
