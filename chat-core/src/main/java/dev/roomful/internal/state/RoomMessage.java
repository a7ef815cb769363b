package dev.roomful.internal.state;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Message;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.Sender;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Position;
import dev.roomful.internal.delivery.PayloadEncoder;
import dev.roomful.transport.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message of a room of this node. */
public final class RoomMessage implements Message {
  private static final int MAX_KEY_LENGTH = 128;

  private final Room room;
  private final @Nullable Sender sender;
  private final @Nullable MessageOrigin origin; // null for stored messages and announcements
  private final Payload payload;
  private final Map<String, String> headers;
  private final BroadcastPolicy audience;
  private final @Nullable String idempotencyKey;
  private final @Nullable Position position;
  private final long millis;
  private @Nullable Frame frame; // encoded when it is first needed; copies share it

  private RoomMessage(
      Room room,
      @Nullable Sender sender,
      @Nullable MessageOrigin origin,
      Payload payload,
      Map<String, String> headers,
      BroadcastPolicy audience,
      @Nullable String idempotencyKey,
      @Nullable Position position,
      long millis) {
    this.room = room;
    this.sender = sender;
    this.origin = origin;
    this.payload = payload;
    this.headers = headers;
    this.audience = audience;
    this.idempotencyKey = idempotencyKey;
    this.position = position;
    this.millis = millis;
  }

  /** A message that a connection published. */
  public static RoomMessage published(
      Room room, MessageOrigin origin, Sender sender, Payload payload, long millis) {
    return new RoomMessage(
        room, sender, origin, payload, Map.of(), BroadcastPolicy.everyone(), null, null, millis);
  }

  public static RoomMessage announcement(
      Room room, Payload payload, BroadcastPolicy audience, long millis) {
    return new RoomMessage(room, null, null, payload, Map.of(), audience, null, null, millis);
  }

  /** A message that another node published, or that a snapshot contains. */
  static RoomMessage decoded(
      Room room,
      @Nullable Sender sender,
      Payload payload,
      Map<String, String> headers,
      BroadcastPolicy audience,
      @Nullable String idempotencyKey,
      @Nullable Position position,
      long millis) {
    return new RoomMessage(
        room, sender, null, payload, headers, audience, idempotencyKey, position, millis);
  }

  /** Returns a message as this class, which is the only implementation of the interface. */
  public static RoomMessage of(Message message) {
    if (message instanceof RoomMessage own) {
      return own;
    }
    throw new IllegalArgumentException(
        "message "
            + message
            + " was not created by Roomful: publish a message of onMessage, or use announce");
  }

  public RoomMessage withAudience(BroadcastPolicy newAudience) {
    return sharingFrame(
        new RoomMessage(
            room, sender, origin, payload, headers, newAudience, idempotencyKey, position, millis));
  }

  /** Returns the message with the position and the time that the log gave it. */
  public RoomMessage withPosition(Position newPosition, long newMillis) {
    return sharingFrame(
        new RoomMessage(
            room,
            sender,
            origin,
            payload,
            headers,
            audience,
            idempotencyKey,
            newPosition,
            newMillis));
  }

  /** Returns the message as the history stores it: without the session, which may end before. */
  public RoomMessage withoutOrigin() {
    return sharingFrame(
        new RoomMessage(
            room, sender, null, payload, headers, audience, idempotencyKey, position, millis));
  }

  private RoomMessage sharingFrame(RoomMessage copy) {
    copy.frame = frame;
    return copy;
  }

  /**
   * The frame for plain text clients; two threads may both encode it, and either result will do.
   */
  public Frame frame() {
    Frame encoded = frame;
    if (encoded == null) {
      encoded = PayloadEncoder.encode(payload);
      frame = encoded;
    }
    return encoded;
  }

  @Override
  public Room room() {
    return room;
  }

  @Override
  public Sender sender() {
    if (sender == null) {
      throw new IllegalStateException(
          "the message is an announcement and has no sender: check isAnnouncement() first");
    }
    return sender;
  }

  @Override
  public Participant participant() {
    if (origin == null) {
      throw new IllegalStateException(
          "the message does not come from a connection: use sender() and Chat.participant(id)");
    }
    return origin.participant();
  }

  @Override
  public boolean isAnnouncement() {
    return sender == null;
  }

  @Override
  public Optional<Position> position() {
    return Optional.ofNullable(position);
  }

  @Override
  public Instant time() {
    return Instant.ofEpochMilli(millis);
  }

  public long millis() {
    return millis;
  }

  @Override
  public Map<String, String> headers() {
    return headers;
  }

  @Override
  public Payload payload() {
    return payload;
  }

  @Override
  public Message withPayload(Payload newPayload) {
    return new RoomMessage(
        room, sender, origin, newPayload, headers, audience, idempotencyKey, null, millis);
  }

  @Override
  public Message withHeader(String key, String value) {
    Map<String, String> extended = new LinkedHashMap<>(headers);
    extended.put(key, value);
    int bytes =
        extended.entrySet().stream()
            .mapToInt(one -> size(one.getKey()) + size(one.getValue()))
            .sum();
    if (key.isEmpty() || extended.size() > MAX_HEADERS || bytes > MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "header \""
              + key
              + "\" makes "
              + extended.size()
              + " headers of "
              + bytes
              + " bytes: keys are not empty, and a message has at most "
              + MAX_HEADERS
              + " headers of "
              + MAX_HEADER_BYTES
              + " bytes together");
    }
    return new RoomMessage(
        room,
        sender,
        origin,
        payload,
        java.util.Collections.unmodifiableMap(extended),
        audience,
        idempotencyKey,
        null,
        millis);
  }

  /** {@return the size of the headers in UTF-8} */
  int headerBytes() {
    int bytes = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      bytes += size(header.getKey()) + size(header.getValue());
    }
    return bytes;
  }

  private static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public Message withIdempotencyKey(String key) {
    if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "the idempotency key \"" + key + "\" has " + key.length() + " characters: give 1 to 128");
    }
    return new RoomMessage(room, sender, origin, payload, headers, audience, key, null, millis);
  }

  @Override
  public Outcome reply(Payload reply) {
    return origin == null ? Rejections.gone() : origin.sendDirect(reply);
  }

  @Override
  public Outcome renew(Credential credential) {
    Objects.requireNonNull(credential, "credential");
    return origin == null ? Rejections.gone() : origin.renew(credential);
  }

  public @Nullable MessageOrigin origin() {
    return origin;
  }

  @Override
  public BroadcastPolicy audience() {
    return audience;
  }

  @Override
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(idempotencyKey);
  }

  public boolean hasIdempotencyKey() {
    return idempotencyKey != null;
  }

  public long offset() {
    return position == null ? 0 : position.offset();
  }

  @Override
  public String toString() {
    return (sender == null ? "announcement" : "message of " + sender)
        + " in "
        + room
        + ": "
        + payload;
  }
}
