package dev.roomful;

import dev.roomful.admission.Position;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was said: its room, its sender, the connection it came from, its text or bytes, and, once
 * the room has heard it, its position. Immutable.
 */
public final class Message {
  private final Room room;
  private final @Nullable Participant sender;
  private final @Nullable Session origin;
  private final @Nullable String connectionId; // once the origin is not kept any more
  private final Payload payload;
  private final @Nullable Payload connectionInfo;
  private final BroadcastPolicy audience;
  private final @Nullable String idempotencyKey;
  private final @Nullable Position position;

  private Message(
      Room room,
      @Nullable Participant sender,
      @Nullable Session origin,
      @Nullable String connectionId,
      Payload payload,
      @Nullable Payload connectionInfo,
      BroadcastPolicy audience,
      @Nullable String idempotencyKey,
      @Nullable Position position) {
    this.room = room;
    this.sender = sender;
    this.origin = origin;
    this.connectionId = connectionId;
    this.payload = payload;
    this.connectionInfo = connectionInfo;
    this.audience = audience;
    this.idempotencyKey = idempotencyKey;
    this.position = position;
  }

  /** As it came from a connection. */
  static Message published(Room room, Session origin, Payload payload) {
    return published(room, origin, payload, Optional.empty());
  }

  /** As it came from a connection that wears a badge. */
  static Message published(
      Room room, Session origin, Payload payload, Optional<Payload> connectionInfo) {
    return new Message(
        room,
        origin.participant(),
        origin,
        null,
        payload,
        connectionInfo.orElse(null),
        BroadcastPolicy.everyone(),
        null,
        null);
  }

  static Message announcement(Room room, Payload payload, BroadcastPolicy audience) {
    return new Message(room, null, null, null, payload, null, audience, null, null);
  }

  Message withAudience(BroadcastPolicy newAudience) {
    return new Message(
        room,
        sender,
        origin,
        connectionId,
        payload,
        connectionInfo,
        newAudience,
        idempotencyKey,
        position);
  }

  /**
   * The same message with its place in the room, which a {@link LogEngine} gives it.
   *
   * @param newPosition the position
   * @return the message that the room hears
   */
  public Message withPosition(Position newPosition) {
    return new Message(
        room,
        sender,
        origin,
        connectionId,
        payload,
        connectionInfo,
        audience,
        idempotencyKey,
        newPosition);
  }

  /** As a room keeps it: without the connection, which may be gone long before. */
  Message withoutOrigin() {
    return new Message(
        room,
        sender,
        null,
        connectionId().orElse(null),
        payload,
        connectionInfo,
        audience,
        idempotencyKey,
        position);
  }

  /**
   * The room in which it was said.
   *
   * @return the room
   */
  public Room room() {
    return room;
  }

  /**
   * Who said it.
   *
   * @return the sender
   * @throws IllegalStateException if it was announced: ask {@link #isAnnouncement} first
   */
  public Participant sender() {
    if (sender == null) {
      throw new IllegalStateException(
          "nobody said this, it was announced: ask isAnnouncement() before sender()");
    }
    return sender;
  }

  /**
   * Whether no participant said it, but the application announced it. Only a room's history has
   * such messages.
   *
   * @return true if it has no sender
   */
  public boolean isAnnouncement() {
    return sender == null;
  }

  /**
   * Where it is in its room.
   *
   * @return its position in a room's history; nothing while the room has not heard it
   */
  public Optional<Position> position() {
    return Optional.ofNullable(position);
  }

  /**
   * What was said.
   *
   * @return text or bytes
   */
  public Payload payload() {
    return payload;
  }

  /**
   * Whether text was said.
   *
   * @return true for text, false for bytes
   */
  public boolean isText() {
    return payload.isText();
  }

  /**
   * The text that was said.
   *
   * @return the text
   * @throws IllegalStateException if bytes were said: ask {@link #isText} first
   */
  public String text() {
    return payload.text();
  }

  /**
   * The bytes that were said.
   *
   * @return a read-only view of the bytes
   * @throws IllegalStateException if text was said: ask {@link #isText} first
   */
  public ByteBuffer bytes() {
    return payload.bytes();
  }

  /**
   * The same sender, origin and room with other words: what the room is to hear in place of what
   * was said.
   *
   * @param text the text to hear
   * @return the message to broadcast
   */
  public Message withPayload(String text) {
    return withPayload(Payload.text(text));
  }

  /**
   * The same sender, origin and room with another payload.
   *
   * @param payload what to hear
   * @return the message to broadcast
   */
  public Message withPayload(Payload payload) {
    return new Message(
        room,
        sender,
        origin,
        connectionId,
        payload,
        connectionInfo,
        audience,
        idempotencyKey,
        null);
  }

  /**
   * The same message, to be heard once, however often it is broadcast with this key: for clients
   * that send again what they had no answer to. A room knows the keys of its last 1000 messages
   * that had one; each sender has its own.
   *
   * @param idempotencyKey what the client calls this message, 1 to 128 characters
   * @return the message to broadcast
   * @throws IllegalArgumentException if the key is empty or too long
   */
  public Message withIdempotencyKey(String idempotencyKey) {
    if (idempotencyKey.isEmpty() || idempotencyKey.length() > 128) {
      throw new IllegalArgumentException(
          "a key has 1 to 128 characters, not "
              + idempotencyKey.length()
              + ": \""
              + idempotencyKey
              + "\"");
    }
    return new Message(
        room,
        sender,
        origin,
        connectionId,
        payload,
        connectionInfo,
        audience,
        idempotencyKey,
        null);
  }

  /**
   * Answers the connection it came from, and no other connection of the sender. The reply keeps its
   * place behind everything that was queued for that connection before.
   *
   * @param text the answer
   * @return false if that connection has gone
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public boolean reply(String text) {
    return reply(Payload.text(text));
  }

  /**
   * Answers the connection it came from, and no other connection of the sender. The reply keeps its
   * place behind everything that was queued for that connection before.
   *
   * @param answer the answer
   * @return false if that connection has gone
   * @throws IllegalArgumentException if it is larger than half the bound of an outbox
   */
  public boolean reply(Payload answer) {
    return origin != null && origin.sendDirect(answer);
  }

  /**
   * From which connection of its sender it came, also when that has gone.
   *
   * @return the connection's id; nothing if it was announced, or said on another server
   */
  public Optional<String> connectionId() {
    return origin == null ? Optional.ofNullable(connectionId) : Optional.of(origin.id());
  }

  /**
   * What a dialect tells about that connection in this room, beside its participant: see {@link
   * dev.roomful.protocol.PresenceOptions#connectionInfo}.
   *
   * @return the badge, if it has one
   */
  public Optional<Payload> connectionInfo() {
    return Optional.ofNullable(connectionInfo);
  }

  @Nullable Session origin() {
    return origin;
  }

  /**
   * Who hears it.
   *
   * @return the room's policy, and what the call narrowed it to; everyone while nobody has said it
   *     to the room
   */
  public BroadcastPolicy audience() {
    return audience;
  }

  /**
   * What its sender calls it, to have it heard once.
   *
   * @return the key of {@link #withIdempotencyKey}, if it has one
   */
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(idempotencyKey);
  }

  boolean hasIdempotencyKey() {
    return idempotencyKey != null;
  }

  @Nullable Position positionOrNull() {
    return position;
  }

  long offset() {
    return position == null ? 0 : position.offset();
  }

  @Override
  public String toString() {
    return (sender == null ? "announced" : sender) + " in " + room + ": " + payload;
  }
}
