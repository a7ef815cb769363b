package dev.roomful.centrifuge;

import dev.roomful.CloseStatus;
import dev.roomful.Room;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.protocol.JoinReplyEncoder;
import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one client. */
final class ClientSubscriptions {
  private final CentrifugeProtocolHandler handler;
  private final SubscribeAdmission authorizer;

  /** The expiry of those subscriptions that expire. */
  private final Map<String, Expiry> expiries = new ConcurrentHashMap<>();

  ClientSubscriptions(CentrifugeProtocolHandler handler) {
    this.handler = handler;
    this.authorizer = new SubscribeAdmission(handler);
  }

  /** Subscribes; returns null if the reply was sent, ahead of the channel's events. */
  Reply.@Nullable Outcome subscribe(long id, ClientRequest.Subscribe request) {
    String channel = request.channel();
    if (channel.isEmpty()) {
      return handler.disconnect(Disconnect.BAD_REQUEST);
    }
    if (handler.session.isIn(channel)) {
      return ClientError.ALREADY_SUBSCRIBED;
    }
    SubscriptionGrant grant;
    try {
      grant =
          request.token().isEmpty()
              ? authorizer.authorize(channel)
              : authorizer.authorizeByToken(
                  request.token(), channel, ClientError.PERMISSION_DENIED);
    } catch (SubscribeAdmission.DeniedException denied) {
      return errorFor(denied);
    }
    if (request.rejectUnrecovered() && request.recover() && cannotRecover(request, grant)) {
      return ClientError.UNRECOVERABLE_POSITION;
    }
    Optional<Rejection> rejection =
        join(
            request,
            grant,
            (joinInfo, replay, welcome) -> {
              Reply.Subscribed reply =
                  handler.subscribeReplies.subscribeReply(
                      request, grant, joinInfo, replay, welcome);
              return handler.replies.frame(id, reply);
            });
    return rejection.map(ProtocolMapping::errorFor).orElse(null);
  }

  /** A token of another user closes the connection. */
  private Reply.@Nullable Outcome errorFor(SubscribeAdmission.DeniedException denied) {
    return denied.error == null ? handler.disconnect(Disconnect.INVALID_TOKEN) : denied.error;
  }

  private Optional<Rejection> join(
      ClientRequest.Subscribe request, SubscriptionGrant grant, JoinReplyEncoder joinReply) {
    String channel = request.channel();
    setExpiry(channel, grant.expiry()); // before a kick can remove it
    Optional<Rejection> rejection =
        handler
            .session
            .join(
                channel,
                request.recover() ? historySince(channel, request.since()) : HistoryRange.none(),
                grant.role(),
                grant.terms().presenceOptions(request.joinLeave()),
                joinReply)
            .rejection();
    if (rejection.isPresent()) {
      expiries.remove(channel);
    }
    return rejection;
  }

  private void setExpiry(String channel, Expiry expiry) {
    if (expiry.expires()) {
      expiries.put(channel, expiry);
    } else {
      expiries.remove(channel);
    }
  }

  /** Joins the channels of a connection token, for the reply to connect. */
  Map<String, Reply.Subscribed> subscribeServerSide(
      Map<String, SubscriptionTerms> subs, Map<String, ClientRequest.Subscribe> clientRequests) {
    Map<String, Reply.Subscribed> replies = new HashMap<>();
    subs.forEach(
        (channel, terms) -> {
          SubscriptionGrant grant = new SubscriptionGrant(Role.MEMBER, terms, new Expiry(null));
          ClientRequest.Subscribe request = serverSideRequest(channel, clientRequests.get(channel));
          var unused =
              join(
                  request,
                  grant,
                  (joinInfo, replay, welcome) -> {
                    replies.put(
                        channel,
                        handler.subscribeReplies.subscribeReply(
                            request, grant, joinInfo, replay, welcome));
                    return null;
                  });
        });
    return replies;
  }

  private static ClientRequest.Subscribe serverSideRequest(
      String channel, ClientRequest.@Nullable Subscribe clientRequest) {
    return new ClientRequest.Subscribe(
        channel,
        "",
        clientRequest != null && clientRequest.recover(),
        clientRequest == null ? StreamPosition.START : clientRequest.since(),
        RawData.NONE,
        false,
        false,
        false,
        false,
        0,
        false);
  }

  /**
   * {@return whether a client misses messages that cannot be sent} Without a history nothing is
   * recoverable, and a new room has no earlier messages.
   */
  private boolean cannotRecover(ClientRequest.Subscribe request, SubscriptionGrant grant) {
    Room room = handler.gateway.chat.room(request.channel()).orElse(null);
    if (room == null) {
      return !request.since().equals(StreamPosition.START);
    }
    return grant.terms().isRecoverable(room, request.recoverable())
        && room.history(
                historySince(request.channel(), request.since()), handler.session.participant())
            .isEmpty();
  }

  /** {@return the history after a client's position, whose epoch may be any text or empty} */
  private HistoryRange historySince(String channel, StreamPosition since) {
    String epoch =
        since.epoch().isEmpty()
            ? handler.gateway.chat.room(channel).map(room -> room.position().epoch()).orElse("_")
            : since.epoch();
    boolean valid = epoch.length() <= 32 && epoch.indexOf(':') < 0;
    return HistoryRange.since(new Position(valid ? epoch : "_", since.offset()));
  }

  private static UnsubscribeStatus unsubscribeStatus(CloseStatus status) {
    return status.reason().isEmpty()
        ? UnsubscribeStatus.SERVER
        : new UnsubscribeStatus(UnsubscribeStatus.SERVER.code(), status.reason());
  }

  Frame encodeRemoval(Room room, CloseStatus status) {
    expiries.remove(room.name());
    return handler.protocol.frame(new Push.Unsubscribe(room.name(), unsubscribeStatus(status)));
  }

  Reply.@Nullable Outcome unsubscribe(ClientRequest.Unsubscribe request) {
    if (request.channel().isEmpty()) {
      return handler.disconnect(Disconnect.BAD_REQUEST);
    }
    leave(request.channel());
    return new Reply.Unsubscribed();
  }

  private boolean leave(String channel) {
    boolean wasSubscribed = handler.session.leave(channel);
    if (wasSubscribed) {
      expiries.remove(channel);
    }
    return wasSubscribed;
  }

  Reply.@Nullable Outcome refresh(ClientRequest.SubRefresh request) {
    String channel = request.channel();
    if (channel.isEmpty()) {
      return handler.disconnect(Disconnect.BAD_REQUEST);
    }
    if (!handler.session.isIn(channel)) {
      return ClientError.PERMISSION_DENIED;
    }
    if (!handler.tokens.isEnabled()) {
      return ClientError.NOT_AVAILABLE;
    }
    if (request.token().isEmpty()) {
      return ClientError.BAD_REQUEST;
    }
    try {
      Expiry expiry = authorizer.authorizeByToken(request.token(), channel, null).expiry();
      setExpiry(channel, expiry);
      return new Reply.SubRefreshed(expiry.timeToLive(handler.now()));
    } catch (SubscribeAdmission.DeniedException denied) {
      if (ClientError.TOKEN_EXPIRED.equals(denied.error)) {
        expire(channel); // ahead of the reply: the client subscribes again with a valid token
      }
      return errorFor(denied);
    }
  }

  private void expire(String channel) {
    if (leave(channel)) {
      handler.session.send(
          handler.protocol.frame(new Push.Unsubscribe(channel, UnsubscribeStatus.EXPIRED)));
    }
  }

  void tick(Duration now) {
    expiries.forEach(
        (channel, expiry) -> {
          if (expiry.isRefreshOverdue(now) && expiries.remove(channel, expiry)) {
            handler.session.enqueue(List.of(() -> expire(channel)));
          }
        });
  }
}
