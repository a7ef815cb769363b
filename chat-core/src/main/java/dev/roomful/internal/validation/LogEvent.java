package dev.roomful.internal.validation;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What the core logs: each event with its logger, its level and its fields. An entry is a sentence
 * and then the event and its fields in a fixed form:
 *
 * <pre>
 * onMessage threw an exception [event=handler-failed callback=onMessage participant=7 room="a b"]
 * </pre>
 *
 * <p>A value that contains anything but letters, digits and {@code . _ : / @ -} is in quotes, with
 * {@code \} in front of quotes and backslashes.
 */
@SuppressWarnings("ImmutableEnumChecker") // the fields are never changed
public enum LogEvent {
  HANDLER_FAILED(
      Logger.HANDLER,
      Level.ERROR,
      "a method of `RoomHandler` threw an exception",
      "callback",
      "participant",
      "room"),
  ROOM_CALLBACK_FAILED(
      Logger.HANDLER,
      Level.ERROR,
      "a callback of the room's options threw an exception; the chat continues without its result",
      "callback",
      "room"),
  JOIN_CALLBACK_FAILED(
      Logger.HANDLER,
      Level.ERROR,
      "a callback of the room's options threw an exception at a join; the connection is closed",
      "callback",
      "participant",
      "room"),
  AUTHENTICATOR_FAILED(
      Logger.ADMISSION,
      Level.ERROR,
      "the authenticator or a name comparison threw an exception; the handshake is rejected with"
          + " 500"),
  SESSION_CLOSED(
      Logger.SESSION,
      Level.DEBUG,
      "a session was closed, for the first reason that was given",
      "participant",
      "code",
      "reason",
      "millis"),
  CONNECTION_FAILED(
      Logger.SESSION,
      Level.DEBUG,
      "a write or a ping failed, which ends the session",
      "participant"),
  ABORT_FAILED(
      Logger.SESSION, Level.DEBUG, "the transport could not abort a connection", "participant"),
  ABORT_REFUSED(
      Logger.SESSION,
      Level.ERROR,
      "the executor for aborts refused a task; the deadline timer tries again",
      "participant"),
  SESSION_DEADLINES_FAILED(
      Logger.SESSION, Level.ERROR, "checking the deadlines of a session failed", "participant"),
  DRAIN_FAILED(
      Logger.SESSION,
      Level.ERROR,
      "ending a session for a restart failed; it is aborted when the drain time is over",
      "participant"),
  ROOM_DEADLINES_FAILED(
      Logger.ROOM, Level.ERROR, "checking the deadlines of a room failed", "room"),
  JOIN_FAILED(Logger.ROOM, Level.ERROR, "a join failed, and was rejected", "room"),
  WRITE_LOOP_REFUSED(
      Logger.DELIVERY,
      Level.ERROR,
      "an executor refused to run a write loop; the deadline timer tries again",
      "loop"),
  CLOSE_FAILED(
      Logger.DELIVERY, Level.ERROR, "closing a connection after a failed write failed itself"),
  DIRECT_MEMORY_EXHAUSTED(
      Logger.DELIVERY,
      Level.WARNING,
      "the JVM has no direct memory left for a write loop; raise `-XX:MaxDirectMemorySize`",
      "bytes"),
  TIMER_FAILED(
      Logger.THREADS, Level.ERROR, "a run of the deadline timer failed; the next one runs"),
  PROCESS_STOOD_STILL(
      Logger.THREADS,
      Level.WARNING,
      "the deadline timer ran much too late: the whole process stood still, as in a long garbage"
          + " collection, or has no processor time; clients get their time again",
      "millis"),
  CALLBACK_REFUSED(
      Logger.THREADS,
      Level.ERROR,
      "the callback executor refused a task; the deadline timer submits it again"),
  THREAD_REFUSED(
      Logger.THREADS,
      Level.ERROR,
      "no thread could be started; the task waits for a thread of its pool, and the deadline timer"
          + " starts one as soon as it can"),
  TASK_FAILED(Logger.THREADS, Level.ERROR, "a task of a participant failed"),
  EVENT_NOT_ENCODABLE(
      Logger.PROTOCOL,
      Level.ERROR,
      "a protocol could not encode an event; its connections in the room are closed"),
  MESSAGE_NOT_ENCODABLE(
      Logger.PROTOCOL,
      Level.ERROR,
      "a protocol could not encode a message; its connections in the room are closed",
      "room"),
  REMOVAL_NOT_ENCODABLE(
      Logger.PROTOCOL,
      Level.ERROR,
      "a protocol could not encode a removal; the connection is closed",
      "participant",
      "room"),
  PROTOCOL_FAILED(
      Logger.PROTOCOL,
      Level.ERROR,
      "a protocol's handler threw an exception; the connection is closed",
      "participant"),
  ENGINE_RECONNECTED(Logger.CLUSTER, Level.INFO, "the cluster engine can be reached again"),
  ENGINE_DISCONNECTED(
      Logger.CLUSTER,
      Level.WARNING,
      "the cluster engine cannot be reached; messages wait, and presence is stale",
      "cause"),
  LEASE_LOST(
      Logger.CLUSTER,
      Level.WARNING,
      "this node counts as lost to others, because it has not renewed its lease; its participants"
          + " join again"),
  OPTIONS_DIFFER(
      Logger.CLUSTER,
      Level.WARNING,
      "another node has other room options; give all nodes the same",
      "here",
      "there"),
  ROOM_ENTRY_UNREADABLE(
      Logger.CLUSTER,
      Level.ERROR,
      "an entry of a room's log cannot be read; it is skipped",
      "room"),
  PARTICIPANT_ENTRY_UNREADABLE(
      Logger.CLUSTER,
      Level.ERROR,
      "an entry of a participant's log cannot be read; it is skipped",
      "participant"),
  REVOCATION_UNREADABLE(
      Logger.CLUSTER,
      Level.ERROR,
      "an entry of the log of revocations cannot be read; it is skipped"),
  MESSAGE_TOO_LARGE(
      Logger.CLUSTER,
      Level.ERROR,
      "a message of another node is larger than an outbox of this one allows",
      "room"),
  OBSERVER_FAILED(
      Logger.OBSERVER,
      Level.ERROR,
      "a `ChatObserver` threw an exception for the first time; further ones are only counted",
      "observer");

  /** The names of loggers, one for each concern. */
  private static final class Logger {
    static final String HANDLER = "dev.roomful.handler";
    static final String ADMISSION = "dev.roomful.admission";
    static final String SESSION = "dev.roomful.session";
    static final String ROOM = "dev.roomful.room";
    static final String DELIVERY = "dev.roomful.delivery";
    static final String THREADS = "dev.roomful.threads";
    static final String PROTOCOL = "dev.roomful.protocol";
    static final String CLUSTER = "dev.roomful.cluster";
    static final String OBSERVER = "dev.roomful.observer";
  }

  private final String loggerName;
  private final FailureLog log;
  private final Level level;
  private final String description;
  private final List<String> fields;

  LogEvent(String loggerName, Level level, String description, String... fields) {
    this.loggerName = loggerName;
    this.log = new FailureLog(loggerName);
    this.level = level;
    this.description = description;
    this.fields = List.of(fields);
  }

  /** Logs the event without a stack trace; the values are those of the fields, in their order. */
  public void log(Supplier<String> sentence, Object... values) {
    log.log(level, () -> sentence.get() + suffix(values));
  }

  /** Logs the event with what was thrown; the values are those of the fields, in their order. */
  public void logFailure(Supplier<String> sentence, Throwable failure, Object... values) {
    log.log(level, () -> sentence.get() + suffix(values), failure);
  }

  private String suffix(Object... values) {
    StringBuilder text = new StringBuilder(" [event=").append(id());
    for (int i = 0; i < fields.size(); i++) {
      text.append(' ').append(fields.get(i)).append('=');
      appendValue(text, String.valueOf(values[i]));
    }
    return text.append(']').toString();
  }

  private static void appendValue(StringBuilder text, String value) {
    if (!value.isEmpty() && value.chars().allMatch(LogEvent::isPlain)) {
      text.append(value);
    } else {
      text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "._:/@-".indexOf(c) >= 0;
  }

  /** Loads what a log entry needs: a class that is first used without memory never loads. */
  public static void prepare() {
    var unused =
        OBSERVER_FAILED.suffix("") + LogText.escape(new IllegalStateException(LogText.escape("")));
  }

  /** {@return the value of the field {@code event}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String loggerName() {
    return loggerName;
  }

  public Level level() {
    return level;
  }

  /** {@return what happened, in Markdown} */
  public String description() {
    return description;
  }

  public List<String> fields() {
    return fields;
  }
}
