package dev.roomful.internal.observation;

import dev.roomful.ChatObserver.Attempt;
import dev.roomful.CloseStatus;
import dev.roomful.admission.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to the JDK's flight recorder, if that runs and they are enabled. The module jdk.jfr
 * may be absent, from an image of jlink for example: then no class of it is touched.
 *
 * <p>Where an event has a duration, its beginning is an object, or null if it is not recorded. It
 * is of type Object, so that the classes that pass it on can be loaded without jdk.jfr.
 */
public final class FlightRecording {
  private static final boolean AVAILABLE =
      ModuleLayer.boot().findModule("jdk.jfr").isPresent()
          && (!FlightRecording.class.getModule().isNamed()
              || FlightRecording.class
                  .getModule()
                  .canRead(ModuleLayer.boot().findModule("jdk.jfr").get()));

  private FlightRecording() {}

  /** Begins a call of the handler. */
  public static @Nullable Object beginHandlerCall() {
    return AVAILABLE ? FlightEvents.HandlerCall.beginIfEnabled() : null;
  }

  /** Ends a call of the handler. */
  public static void endHandlerCall(
      Object call, String callback, String room, String participant, boolean failed) {
    FlightEvents.HandlerCall event = (FlightEvents.HandlerCall) call;
    event.callback = callback;
    event.room = room;
    event.participant = participant;
    event.failed = failed;
    event.commit();
  }

  /** Begins the fan-out of a message. */
  public static @Nullable Object beginFanOut() {
    return AVAILABLE ? FlightEvents.FanOut.beginIfEnabled() : null;
  }

  /** Ends the fan-out of a message. */
  public static void endFanOut(Object fanOut, String room, int recipients) {
    FlightEvents.FanOut event = (FlightEvents.FanOut) fanOut;
    event.room = room;
    event.recipients = recipients;
    event.commit();
  }

  /** Begins the write of a batch. */
  public static @Nullable Object beginWrite() {
    return AVAILABLE ? FlightEvents.WriteBatch.beginIfEnabled() : null;
  }

  /** Ends the call that writes a batch. */
  public static void endWrite(Object write, int frames, int bytes) {
    FlightEvents.WriteBatch event = (FlightEvents.WriteBatch) write;
    event.frames = frames;
    event.bytes = bytes;
    event.commit();
  }

  static void sessionClosed(CloseStatus status, long nanos, String participantId) {
    if (AVAILABLE) {
      FlightEvents.SessionClosed.commit(status, nanos, participantId);
    }
  }

  static void rejected(Attempt attempt, Rejection rejection) {
    if (AVAILABLE) {
      FlightEvents.Rejected.commit(attempt, rejection);
    }
  }
}
