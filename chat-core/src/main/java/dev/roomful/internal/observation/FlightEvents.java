package dev.roomful.internal.observation;

import dev.roomful.ChatObserver.Attempt;
import dev.roomful.CloseStatus;
import dev.roomful.admission.Rejection;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events of the flight recorder, all disabled unless a recording enables them. */
final class FlightEvents {
  private FlightEvents() {}

  @Name("dev.roomful.HandlerCall")
  @Label("Handler Call")
  @Description("A call of the application's RoomHandler")
  @Category("Roomful")
  @Enabled(false)
  @StackTrace(false)
  static final class HandlerCall extends Event {
    @Label("Callback")
    @Nullable String callback;

    @Label("Room")
    @Nullable String room;

    @Label("Participant")
    @Nullable String participant;

    @Label("Failed")
    boolean failed;

    static @Nullable HandlerCall beginIfEnabled() {
      HandlerCall event = new HandlerCall();
      if (!event.isEnabled()) {
        return null;
      }
      event.begin();
      return event;
    }
  }

  @Name("dev.roomful.FanOut")
  @Label("Fan-Out")
  @Description("A message or a signal was queued for the connections of this node")
  @Category("Roomful")
  @Enabled(false)
  @StackTrace(false)
  static final class FanOut extends Event {
    @Label("Room")
    @Nullable String room;

    @Label("Recipients")
    int recipients;

    static @Nullable FanOut beginIfEnabled() {
      FanOut event = new FanOut();
      if (!event.isEnabled()) {
        return null;
      }
      event.begin();
      return event;
    }
  }

  @Name("dev.roomful.WriteBatch")
  @Label("Write Batch")
  @Description("The call that gives a batch of frames to a connection; it may complete later")
  @Category("Roomful")
  @Enabled(false)
  @StackTrace(false)
  static final class WriteBatch extends Event {
    @Label("Frames")
    int frames;

    @Label("Bytes")
    @DataAmount
    int bytes;

    static @Nullable WriteBatch beginIfEnabled() {
      WriteBatch event = new WriteBatch();
      if (!event.isEnabled()) {
        return null;
      }
      event.begin();
      return event;
    }
  }

  @Name("dev.roomful.SessionClosed")
  @Label("Session Closed")
  @Description("A session was closed, for the first reason that was given")
  @Category("Roomful")
  @Enabled(false)
  @StackTrace(false)
  static final class SessionClosed extends Event {
    @Label("Code")
    int code;

    @Label("Reason")
    @Nullable String reason;

    @Label("Participant")
    @Nullable String participant;

    @Label("Time Open")
    @Timespan(Timespan.NANOSECONDS)
    long open;

    static void commit(CloseStatus status, long nanos, String participant) {
      SessionClosed event = new SessionClosed();
      if (event.isEnabled()) {
        event.code = status.code();
        event.reason = status.reason();
        event.participant = participant;
        event.open = nanos;
        event.commit();
      }
    }
  }

  @Name("dev.roomful.Rejection")
  @Label("Rejection")
  @Description("A handshake, a join or a message was rejected")
  @Category("Roomful")
  @Enabled(false)
  @StackTrace(false)
  static final class Rejected extends Event {
    @Label("Attempt")
    @Nullable String attempt;

    @Label("Code")
    @Nullable String code;

    @Label("Reason")
    @Nullable String reason;

    static void commit(Attempt attempt, Rejection rejection) {
      Rejected event = new Rejected();
      if (event.isEnabled()) {
        event.attempt = attempt.name();
        event.code = rejection.code();
        event.reason = rejection.reason();
        event.commit();
      }
    }
  }
}
