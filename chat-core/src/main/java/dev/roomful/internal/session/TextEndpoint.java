package dev.roomful.internal.session;

import dev.roomful.ChatObserver.Attempt;
import dev.roomful.Payload;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.room.HandlerCalls;
import dev.roomful.internal.room.LiveParticipant;
import dev.roomful.internal.room.LiveRoom;
import dev.roomful.internal.room.Subscription;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The receiver of a plain text connection: each message that arrives is published in the room of
 * the connection's admission.
 */
public final class TextEndpoint implements Receiver {
  private final Session session;
  private final Sessions sessions;

  public TextEndpoint(Session session, Sessions sessions) {
    this.session = session;
    this.sessions = sessions;
  }

  @Override
  public void text(String text) {
    receive(session.inbound.isTooBig(text), text.length(), () -> Payload.text(text));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    receive(session.inbound.isTooBig(bytes), bytes.remaining(), () -> Payload.bytes(bytes));
  }

  @Override
  public void pong() {
    session.countFrame();
  }

  @Override
  public void fragment() {
    session.countFrame();
  }

  @Override
  public void closing(int code, String reason) {
    session.closing(code, reason);
  }

  @Override
  public void closed(int code, String reason) {
    session.closed(code, reason);
  }

  private void receive(boolean tooBig, int bytes, Supplier<Payload> payload) {
    LiveParticipant participant = session.participant();
    long now = session.now();
    if (session.acceptInput(tooBig, now)) {
      long wait = session.inbound.take(1, () -> false, now);
      if (wait != InboundLimits.RATE_VIOLATION && session.inbound.acquire(participant, bytes)) {
        enqueue(participant, payload.get(), bytes, wait);
      }
    }
    participant.callbacks.run();
  }

  /**
   * Queues the callback of a message.
   *
   * @param wait for how many nanoseconds the client should have waited, 0 if it was not too fast
   */
  private void enqueue(LiveParticipant participant, Payload payload, int bytes, long wait) {
    session.enqueue(
        () -> {
          Subscription subscription = session.primarySubscription();
          if (subscription != null && session.mayPublish(subscription)) {
            publish(subscription, payload, wait);
          }
          // Not before: while the handler runs, the server may not be reading.
          session.inbound.release(participant, bytes);
        });
  }

  private void publish(Subscription subscription, Payload payload, long wait) {
    LiveRoom room = subscription.room;
    RoomMessage message = room.message(session, payload, Optional.empty());
    HandlerCalls calls = sessions.environment.calls();
    session.takePublished();
    Optional<Rejection> rejection =
        calls.onMessage(
            session,
            room,
            () -> message,
            () ->
                wait > 0
                    ? Optional.of(Rejections.tooFast(wait))
                    : room.publishRejectionFor(subscription.member));
    CompletionStage<Position> published = session.takePublished();
    if (rejection.isPresent()) {
      calls.onRejected(session, room, message, rejection.get());
    } else if (published != null) {
      var unused =
          published.whenComplete(
              (position, failure) -> {
                if (failure != null) {
                  onRejectedByLog(room, message, Sessions.of(failure));
                }
              });
    }
  }

  /** In a cluster the log decides after the handler has returned. */
  private void onRejectedByLog(LiveRoom room, RoomMessage message, Rejection rejection) {
    sessions.environment.events().rejected(Attempt.MESSAGE, rejection);
    session
        .participant()
        .callbacks
        .add(() -> sessions.environment.calls().onRejected(session, room, message, rejection));
    session.runCallbacks();
  }
}
