package dev.roomful.internal.room;

import dev.roomful.Chat;
import dev.roomful.ChatObserver.Attempt;
import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.RejectedException;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.observation.ChatEvents;
import dev.roomful.internal.observation.FlightRecording;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RoomMessage;
import dev.roomful.internal.validation.LogEvent;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls the application's handler: logs and counts what it throws, and limits the damage. */
public final class HandlerCalls {
  private final RoomHandler handler;
  private final Chat.OnFailure onMessageFailure;
  private final ChatEvents events;
  private final LongAdder failures = new LongAdder();

  public HandlerCalls(RoomHandler handler, Chat.OnFailure onMessageFailure, ChatEvents events) {
    this.handler = handler;
    this.onMessageFailure = onMessageFailure;
    this.events = events;
  }

  /** {@return how many callbacks have failed} */
  public long failures() {
    return failures.sum();
  }

  /** Runs a callback; if it fails, closes the session that it was about. */
  public void run(
      String callback,
      Participant participant,
      LiveRoom room,
      @Nullable RoomSession session,
      Consumer<RoomHandler> call) {
    if (!succeeds(callback, participant, room, call) && session != null) {
      session.close(CloseStatus.FAILED, SessionCloseMode.AFTER_FLUSH);
    }
  }

  /**
   * Gives a message to the handler, unless the check rejects it.
   *
   * @param check may call the application, such as the room's role rule
   * @return why the message was rejected, also if the check or the handler fails
   */
  public Optional<Rejection> onMessage(
      RoomSession session,
      LiveRoom room,
      Supplier<RoomMessage> message,
      Supplier<Optional<Rejection>> check) {
    events.messageReceived();
    Optional<Rejection> result = call(session, room, message, check);
    result.ifPresent(rejection -> events.rejected(Attempt.MESSAGE, rejection));
    return result;
  }

  private Optional<Rejection> call(
      RoomSession session,
      LiveRoom room,
      Supplier<RoomMessage> message,
      Supplier<Optional<Rejection>> check) {
    AtomicReference<@Nullable Rejection> rejection = new AtomicReference<>();
    if (succeeds(
        "onMessage",
        session.participant(),
        room,
        application -> {
          rejection.set(check.get().orElse(null));
          if (rejection.get() == null) {
            try {
              application.onMessage(room, message.get());
            } catch (RejectedException | CompletionException failure) {
              rejection.set(Rejections.in(failure));
              if (rejection.get() == null) {
                throw failure;
              }
            }
          }
        })) {
      return Optional.ofNullable(rejection.get());
    }
    if (onMessageFailure == Chat.OnFailure.CLOSE_CONNECTION) {
      session.close(CloseStatus.FAILED, SessionCloseMode.AFTER_FLUSH);
      return Optional.empty();
    }
    return Optional.of(Rejections.internalError());
  }

  /** Tells the handler that a message was rejected. */
  public void onRejected(
      RoomSession session, LiveRoom room, RoomMessage message, Rejection rejection) {
    run(
        "onRejected",
        session.participant(),
        room,
        session,
        application -> application.onRejected(room, message, rejection));
  }

  /** Tells the handler who should have received a message and is not in the room. */
  public void onAbsent(LiveRoom room, RoomMessage message, Set<String> ids) {
    long start = events.start();
    boolean failed =
        orNull(
                "onAbsent",
                room,
                () -> {
                  handler.onAbsent(room, message, ids);
                  return ids;
                })
            == null;
    events.handlerReturned("onAbsent", start, failed);
  }

  /**
   * Asks the application for something that it can do without.
   *
   * @return the answer, or null if the application failed, which is logged and counted
   */
  public <T> @Nullable T orNull(String callback, LiveRoom room, Supplier<@Nullable T> call) {
    try {
      return call.get();
    } catch (Throwable failure) {
      failures.increment();
      LogEvent.ROOM_CALLBACK_FAILED.logFailure(
          () -> callback + " threw an exception", failure, callback, room.name());
      return null;
    }
  }

  private boolean succeeds(
      String callback, Participant participant, LiveRoom room, Consumer<RoomHandler> call) {
    Object recorded = FlightRecording.beginHandlerCall();
    long start = events.start();
    boolean failed = false;
    try {
      call.accept(handler);
    } catch (Throwable failure) {
      failed = true;
      failures.increment();
      LogEvent.HANDLER_FAILED.logFailure(
          () -> callback + " threw an exception", failure, callback, participant.id(), room.name());
    }
    events.handlerReturned(callback, start, failed);
    if (recorded != null) {
      FlightRecording.endHandlerCall(recorded, callback, room.name(), participant.id(), failed);
    }
    return !failed;
  }
}
