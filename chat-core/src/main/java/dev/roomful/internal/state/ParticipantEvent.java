package dev.roomful.internal.state;

import dev.roomful.CloseStatus;
import dev.roomful.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change in the log of a participant, which has its sessions on all nodes. Fields that a kind
 * does not use are empty.
 *
 * @param kind what happened
 * @param connectionId the connection that it is about
 * @param secretHash a digest of the secret with which the connection can be resumed
 * @param name a display name, or the name of an operation
 * @param room a room, or the argument of an operation
 * @param payloads what is sent to the participant
 * @param status how connections are closed
 * @param number the number of a call
 */
public record ParticipantEvent(
    Kind kind,
    String connectionId,
    String secretHash,
    String name,
    String room,
    List<Payload> payloads,
    @Nullable CloseStatus status,
    long number) {
  private static final int KIND = 1;
  private static final int CONNECTION_ID = 2;
  private static final int SECRET_HASH = 3;
  private static final int NAME = 4;
  private static final int ROOM = 5;
  private static final int PAYLOAD = 6;
  private static final int STATUS = 7;
  private static final int NUMBER = 8;

  /** What happened. */
  public enum Kind {
    /** A kind that this version does not know. */
    UNKNOWN(0),
    /** A connection has begun a session. */
    ATTACHED(1),
    /** A session is in one more room. */
    SUBSCRIBED(2),
    /** A session is in one room less. */
    UNSUBSCRIBED(3),
    /** A session has ended. */
    DETACHED(4),
    /** The payloads are sent to all sessions. */
    SENT(5),
    /** All sessions are closed. */
    DISCONNECTED(6),
    /** A connection takes the place of the session with the secret. */
    RESUMED(7),
    /** The payloads were sent to the session before, which had not written them. */
    HANDED_OVER(8),
    /** The node of the first session is to do something. */
    CALLED(9),
    /** A call was answered; the name is the code of the rejection, or empty. */
    RETURNED(10),
    /** A node is gone. */
    NODE_LOST(11);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    static Kind of(long number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      return UNKNOWN;
    }
  }

  private static ParticipantEvent of(
      Kind kind, String connectionId, String secretHash, String name, String room) {
    return new ParticipantEvent(kind, connectionId, secretHash, name, room, List.of(), null, 0);
  }

  public static ParticipantEvent attached(
      String connectionId, String secretHash, String name, String room) {
    return of(Kind.ATTACHED, connectionId, secretHash, name, room);
  }

  public static ParticipantEvent resumed(
      String connectionId, String secretHash, String name, String room) {
    return of(Kind.RESUMED, connectionId, secretHash, name, room);
  }

  public static ParticipantEvent subscribed(String connectionId, String room) {
    return of(Kind.SUBSCRIBED, connectionId, "", "", room);
  }

  public static ParticipantEvent unsubscribed(String connectionId, String room) {
    return of(Kind.UNSUBSCRIBED, connectionId, "", "", room);
  }

  public static ParticipantEvent detached(String connectionId) {
    return of(Kind.DETACHED, connectionId, "", "", "");
  }

  public static ParticipantEvent nodeLost(String node) {
    return of(Kind.NODE_LOST, "", "", node, "");
  }

  public static ParticipantEvent sent(Payload payload) {
    return new ParticipantEvent(Kind.SENT, "", "", "", "", List.of(payload), null, 0);
  }

  public static ParticipantEvent handedOver(String connectionId, List<Payload> payloads) {
    return new ParticipantEvent(
        Kind.HANDED_OVER, connectionId, "", "", "", List.copyOf(payloads), null, 0);
  }

  public static ParticipantEvent disconnected(CloseStatus status) {
    return new ParticipantEvent(Kind.DISCONNECTED, "", "", "", "", List.of(), status, 0);
  }

  public static ParticipantEvent called(long number, String operation, String argument) {
    return new ParticipantEvent(Kind.CALLED, "", "", operation, argument, List.of(), null, number);
  }

  public static ParticipantEvent returned(long number, String code, String reason) {
    return new ParticipantEvent(Kind.RETURNED, "", "", code, reason, List.of(), null, number);
  }

  /** {@return the binary form} */
  public byte[] encode() {
    FieldWriter writer = new FieldWriter();
    writer.int64(KIND, kind.number);
    writeIfNotEmpty(writer, CONNECTION_ID, connectionId);
    writeIfNotEmpty(writer, SECRET_HASH, secretHash);
    writeIfNotEmpty(writer, NAME, name);
    writeIfNotEmpty(writer, ROOM, room);
    payloads.forEach(one -> writer.message(PAYLOAD, one, CommonFields::writePayload));
    writer
        .messageIfPresent(STATUS, status, CommonFields::writeStatus)
        .int64IfNotZero(NUMBER, number);
    return writer.toByteArray();
  }

  private static void writeIfNotEmpty(FieldWriter writer, int field, String value) {
    if (!value.isEmpty()) {
      writer.string(field, value);
    }
  }

  /**
   * Reads the binary form.
   *
   * @throws IllegalArgumentException if the bytes are malformed
   */
  public static ParticipantEvent decode(byte[] data) {
    Kind kind = Kind.UNKNOWN;
    String connectionId = "";
    String secretHash = "";
    String name = "";
    String room = "";
    List<Payload> payloads = new ArrayList<>(1);
    CloseStatus status = null;
    long number = 0;
    FieldReader reader = new FieldReader(data);
    while (reader.next()) {
      switch (reader.field()) {
        case KIND -> kind = Kind.of(reader.int64());
        case CONNECTION_ID -> connectionId = reader.string();
        case SECRET_HASH -> secretHash = reader.string();
        case NAME -> name = reader.string();
        case ROOM -> room = reader.string();
        case PAYLOAD -> payloads.add(CommonFields.readPayload(reader.message()));
        case STATUS -> status = CommonFields.readStatus(reader.message());
        case NUMBER -> number = reader.int64();
        default -> {}
      }
    }
    return new ParticipantEvent(
        kind, connectionId, secretHash, name, room, List.copyOf(payloads), status, number);
  }
}
