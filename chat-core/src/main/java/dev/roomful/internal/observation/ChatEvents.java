package dev.roomful.internal.observation;

import dev.roomful.Chat;
import dev.roomful.ChatObserver;
import dev.roomful.ChatObserver.Attempt;
import dev.roomful.ChatObserver.Drop;
import dev.roomful.CloseStatus;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.LogEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counts what happens in a chat, and reports it to the observers and to the flight recorder. Called
 * with no lock of the chat held, because observers are application code. Nothing that an observer
 * throws leaves this class, except from {@link #started}.
 */
public final class ChatEvents {
  private final Observer[] observers;
  private final LongSupplier nanoTime;
  private final LongAdder sessionsClosed = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder published = new LongAdder();
  private final LongAdder drops = new LongAdder();
  private final LongAdder rejections = new LongAdder();
  private final LongAdder failures = new LongAdder();

  /** An observer, and whether a failure of it was logged. */
  private record Observer(ChatObserver target, AtomicBoolean logged) {}

  /**
   * Creates the events of a chat.
   *
   * @param nanoTime the chat's monotonic clock
   */
  public ChatEvents(List<ChatObserver> observers, LongSupplier nanoTime) {
    this.observers =
        observers.stream()
            .map(observer -> new Observer(observer, new AtomicBoolean()))
            .toArray(Observer[]::new);
    this.nanoTime = nanoTime;
  }

  /** {@return the time at which something starts; 0 without observers, which reads no clock} */
  public long start() {
    return observers.length == 0 ? 0 : nanoTime.getAsLong();
  }

  /** {@return the nanoseconds since then; 0 without observers} */
  public long since(long startedAt) {
    return observers.length == 0 ? 0 : nanoTime.getAsLong() - startedAt;
  }

  /** The chat has started; throws what an observer throws. */
  public void started(Chat chat) {
    for (Observer observer : observers) {
      observer.target.started(chat);
    }
  }

  public void closed(Chat chat) {
    for (Observer observer : observers) {
      try {
        observer.target.closed(chat);
      } catch (Throwable failure) {
        failed(observer, failure);
      }
    }
  }

  public void sessionClosed(CloseStatus status, long nanos, String participantId) {
    sessionsClosed.increment();
    LogEvent.SESSION_CLOSED.log(
        () -> "Session closed",
        participantId,
        status.code(),
        status.reason(),
        TimeUnit.NANOSECONDS.toMillis(nanos));
    FlightRecording.sessionClosed(status, nanos, participantId);
    for (Observer observer : observers) {
      try {
        observer.target.sessionClosed(status, nanos);
      } catch (Throwable failure) {
        failed(observer, failure);
      }
    }
  }

  /** A message of a client reaches the check of its sender. */
  public void messageReceived() {
    received.increment();
  }

  /**
   * A callback has returned.
   *
   * @param startedAt as of {@link #start}
   */
  public void handlerReturned(String callback, long startedAt, boolean failed) {
    long nanos = since(startedAt);
    for (Observer observer : observers) {
      try {
        observer.target.handlerReturned(callback, nanos, failed);
      } catch (Throwable failure) {
        failed(observer, failure);
      }
    }
  }

  public void rejected(Attempt attempt, Rejection rejection) {
    rejections.increment();
    FlightRecording.rejected(attempt, rejection);
    for (Observer observer : observers) {
      try {
        observer.target.rejected(attempt, rejection);
      } catch (Throwable failure) {
        failed(observer, failure);
      }
    }
  }

  /**
   * A message or a signal was queued for its recipients.
   *
   * @param nanos as of {@link #since}
   */
  public void fannedOut(int recipients, long nanos) {
    published.increment();
    for (Observer observer : observers) {
      try {
        observer.target.fannedOut(recipients, nanos);
      } catch (Throwable failure) {
        failed(observer, failure);
      }
    }
  }

  /** Frames were dropped; has no effect if there are none. */
  public void dropped(Drop drop, int frames) {
    if (frames == 0) {
      return;
    }
    drops.add(frames);
    for (Observer observer : observers) {
      try {
        observer.target.dropped(drop, frames);
      } catch (Throwable failure) {
        failed(observer, failure);
      }
    }
  }

  private void failed(Observer observer, Throwable failure) {
    failures.increment();
    if (observer.logged.compareAndSet(false, true)) {
      LogEvent.OBSERVER_FAILED.logFailure(
          () -> "An observer threw an exception; further ones of it are counted and not logged",
          failure,
          observer.target.getClass().getName());
    }
  }

  public long sessionsClosed() {
    return sessionsClosed.sum();
  }

  public long messagesReceived() {
    return received.sum();
  }

  public long messagesPublished() {
    return published.sum();
  }

  public long drops() {
    return drops.sum();
  }

  public long rejections() {
    return rejections.sum();
  }

  public long failedObservers() {
    return failures.sum();
  }
}
