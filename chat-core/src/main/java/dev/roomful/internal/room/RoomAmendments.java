package dev.roomful.internal.room;

import dev.roomful.Amendment;
import dev.roomful.BroadcastPolicy;
import dev.roomful.Outcome;
import dev.roomful.Payload;
import dev.roomful.RejectedException;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.internal.cluster.ClusterNode;
import dev.roomful.internal.state.MemberState;
import dev.roomful.internal.state.MessageHistory;
import dev.roomful.internal.state.Notice;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RoomMessage;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Publishes amendments, if they have a target and their senders may change it. */
final class RoomAmendments {
  private static final Payload EMPTY = Payload.text("");

  private final RoomEnvironment environment;
  private final LiveRoom room;

  RoomAmendments(RoomEnvironment environment, LiveRoom room) {
    this.environment = environment;
    this.room = room;
  }

  /** Publishes an amendment to those of its audience whom the target was published to. */
  CompletionStage<Position> publish(RoomMessage message) {
    Amendment amendment = message.amendment().orElseThrow();
    RoomMessage target = room.publisher.find(amendment.target()).orElse(null);
    if (target == null || target.isAmendment()) {
      return rejected(Rejections.noMessage(amendment.target()));
    }
    Rejection rejection = MessageHistory.rejectionFor(message, target);
    if (rejection == null) {
      rejection = roleRejection(message, amendment.kind(), target);
    }
    return rejection == null
        ? room.publisher.publish(message.withAudience(audience(message, target)))
        : rejected(rejection);
  }

  private static CompletionStage<Position> rejected(Rejection rejection) {
    return CompletableFuture.failedStage(new RejectedException(rejection));
  }

  private @Nullable Rejection roleRejection(
      RoomMessage message, Amendment.Kind kind, RoomMessage target) {
    if (message.isAnnouncement()) {
      return null;
    }
    String senderId = message.sender().id();
    boolean isAuthor = !target.isAnnouncement() && target.sender().id().equals(senderId);
    Role.Action action =
        switch (kind) {
          case EDIT -> isAuthor ? Role.Action.PUBLISH : Role.Action.EDIT_MESSAGES;
          case DELETE -> isAuthor ? Role.Action.PUBLISH : Role.Action.DELETE_MESSAGES;
          case REACT, UNREACT -> Role.Action.REACT;
          case PIN, UNPIN -> Role.Action.PIN_MESSAGES;
        };
    MemberState member = room.membership.member(senderId);
    return room.rejectionFor(member == null ? Role.MEMBER : member.role(), action).orElse(null);
  }

  private static BroadcastPolicy audience(RoomMessage message, RoomMessage target) {
    Set<String> onlyIds = target.audience().onlyIds();
    Set<String> exceptIds = target.audience().exceptIds();
    BroadcastPolicy audience = message.audience();
    audience = onlyIds == null ? audience : audience.and(BroadcastPolicy.onlyIds(onlyIds));
    return exceptIds.isEmpty() ? audience : audience.and(BroadcastPolicy.exceptIds(exceptIds));
  }

  /** Publishes an amendment without a sender. */
  CompletionStage<Position> announce(
      Amendment amendment, Payload payload, BroadcastPolicy audience) {
    if (amendment.reaction().isPresent()) {
      throw new IllegalArgumentException(
          "the reaction \""
              + amendment
              + "\" has no sender: publish a message with the amendment instead");
    }
    return publish(RoomMessage.of(room.announcement(payload, audience).withAmendment(amendment)));
  }

  /** Deletes a message, and waits until that was accepted. */
  Outcome delete(Position position) {
    RoomMessage message = room.publisher.find(position).orElse(null);
    if (message == null) {
      return Outcome.rejected(Rejections.noMessage(position));
    }
    Notice notice =
        room.events.notice(
            "RoomNotices.messageDeleted", notices -> notices.messageDeleted(message));
    // Without a notice nobody receives it, and the history forgets the message all the same.
    BroadcastPolicy audience =
        notice == null ? BroadcastPolicy.onlyIds(Set.of()) : BroadcastPolicy.everyone();
    CompletableFuture<Position> deleted =
        announce(Amendment.delete(position), notice == null ? EMPTY : notice.payload(), audience)
            .toCompletableFuture();
    ClusterNode cluster = environment.cluster();
    if (cluster != null && !cluster.await(deleted)) {
      return Outcome.rejected(Rejections.unavailable());
    }
    try {
      deleted.join();
      return Outcome.done();
    } catch (CompletionException failure) {
      Rejection rejection = Rejections.in(failure);
      if (rejection == null) {
        throw failure;
      }
      return Outcome.rejected(rejection);
    }
  }
}
