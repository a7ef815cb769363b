package dev.roomful.centrifuge;

import dev.roomful.JoinInfo;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.protocol.JoinReplyEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds what one client receives when a subscription begins. */
final class SubscribeReplies {
  private final CentrifugeProtocolHandler handler;

  SubscribeReplies(CentrifugeProtocolHandler handler) {
    this.handler = handler;
  }

  /** {@return the reply to subscribe, or the part of the reply to connect} */
  Reply.Subscribed subscribeReply(
      ClientRequest.Subscribe request,
      SubscriptionGrant grant,
      JoinInfo joinInfo,
      List<Message> replay,
      @Nullable Payload welcome) {
    boolean recoverable = grant.terms().isRecoverable(joinInfo.room(), request.recoverable());
    StreamPosition current = ProtocolMapping.position(joinInfo.position());
    // The epoch of a new room was not known when its history was requested.
    boolean newRoom = current.offset() == 0 && request.since().equals(StreamPosition.START);
    boolean recovered = recoverable && request.recover() && (joinInfo.recovered() || newRoom);
    return new Reply.Subscribed(
        grant.expiry().timeToLive(handler.now()),
        recoverable || request.positioned() || grant.terms().isPositioned(),
        recoverable,
        recovered ? new StreamPosition(request.since().offset(), current.epoch()) : current,
        request.recover(),
        recovered,
        recovered ? replay.stream().map(handler.gateway.publications::of).toList() : List.of(),
        welcome == null ? grant.terms().data() : ProtocolMapping.data(welcome));
  }

  /** {@return what the client receives when the application makes it join a room} */
  JoinReplyEncoder serverJoinReply() {
    return (joinInfo, replay, welcome) -> {
      Room room = joinInfo.room();
      boolean recoverable = SubscriptionTerms.DEFAULTS.isRecoverable(room, false);
      List<byte[]> pushes = new ArrayList<>();
      RawData data = welcome == null ? RawData.NONE : ProtocolMapping.data(welcome);
      pushes.add(
          handler.protocol.codec.encode(
              new Push.Subscribe(
                  room.name(),
                  recoverable,
                  recoverable,
                  ProtocolMapping.position(joinInfo.position()),
                  data)));
      for (Message message : replay) {
        pushes.add(
            handler.protocol.codec.encode(
                new Push.Publish(room.name(), handler.gateway.publications.of(message))));
      }
      return handler.protocol.frame(handler.protocol.codec.mergeFrames(pushes));
    };
  }
}
