package dev.roomful.centrifuge;

import dev.roomful.JoinInfo;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.protocol.JoinReply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one client is told when a subscription of its begins. */
final class SubscribeReplies {
  private final CentrifugeHandler handler;

  SubscribeReplies(CentrifugeHandler handler) {
    this.handler = handler;
  }

  /** The reply, or what the reply to connect has of it. */
  Reply.Subscribed subscribeReply(
      ClientRequest.Subscribe request,
      Grant grant,
      JoinInfo joinInfo,
      List<Message> replay,
      @Nullable Payload welcome) {
    boolean recoverable = grant.terms().isRecoverable(joinInfo.room(), request.recoverable());
    StreamPosition current = ProtocolMapping.position(joinInfo.position());
    // The epoch of a room that is made just now was not known when its past was asked for.
    boolean newRoom = current.offset() == 0 && request.since().equals(StreamPosition.START);
    boolean recovered = recoverable && request.recover() && (joinInfo.recovered() || newRoom);
    return new Reply.Subscribed(
        grant.expiry().timeToLive(handler.now()),
        recoverable || request.positioned() || grant.terms().isPositioned(),
        recoverable,
        recovered ? new StreamPosition(request.since().offset(), current.epoch()) : current,
        request.recover(),
        recovered,
        recovered ? replay.stream().map(ProtocolMapping::publication).toList() : List.of(),
        welcome == null ? grant.terms().data() : ProtocolMapping.data(welcome));
  }

  /** The application brings the client into a room. */
  JoinReply serverJoinReply() {
    return (joinInfo, replay, welcome) -> {
      Room room = joinInfo.room();
      boolean recoverable = SubscriptionTerms.DEFAULTS.isRecoverable(room, false);
      List<byte[]> pushes = new ArrayList<>();
      Data data = welcome == null ? Data.NONE : ProtocolMapping.data(welcome);
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
                new Push.Publish(room.name(), ProtocolMapping.publication(message))));
      }
      return handler.protocol.frame(handler.protocol.codec.mergeFrames(pushes));
    };
  }
}
