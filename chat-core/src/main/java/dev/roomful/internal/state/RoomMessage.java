package dev.roomful.internal.state;

import dev.roomful.Amendment;
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
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.transport.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A message of a room of this node. */
public final class RoomMessage implements Message {
  private static final int MAX_KEY_LENGTH = 128;

  private final Room room;
  private final @Nullable Sender sender;
  private final @Nullable MessageOrigin origin; // null if it does not come from a connection here
  private final Payload payload;
  private final Map<String, String> headers;
  private final BroadcastPolicy audience;
  private final @Nullable String idempotencyKey;
  private final @Nullable Amendment amendment;
  private final MessageRevision revision;
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
      @Nullable Amendment amendment,
      MessageRevision revision,
      @Nullable Position position,
      long millis) {
    this.room = room;
    this.sender = sender;
    this.origin = origin;
    this.payload = payload;
    this.headers = headers;
    this.audience = audience;
    this.idempotencyKey = idempotencyKey;
    this.amendment = amendment;
    this.revision = revision;
    this.position = position;
    this.millis = millis;
  }

  /** A message that a connection published. */
  public static RoomMessage published(
      Room room, MessageOrigin origin, Sender sender, Payload payload, long millis) {
    return create(room, sender, origin, payload, BroadcastPolicy.everyone(), millis);
  }

  /** A message that the application publishes in the name of a sender. */
  public static RoomMessage from(Room room, Sender sender, Payload payload, long millis) {
    return create(room, sender, null, payload, BroadcastPolicy.everyone(), millis);
  }

  public static RoomMessage announcement(
      Room room, Payload payload, BroadcastPolicy audience, long millis) {
    return create(room, null, null, payload, audience, millis);
  }

  private static RoomMessage create(
      Room room,
      @Nullable Sender sender,
      @Nullable MessageOrigin origin,
      Payload payload,
      BroadcastPolicy audience,
      long millis) {
    return new RoomMessage(
        room,
        sender,
        origin,
        payload,
        Map.of(),
        audience,
        null,
        null,
        MessageRevision.NONE,
        null,
        millis);
  }

  /** A message that another node published, or that a snapshot contains. */
  static RoomMessage decoded(
      Room room,
      @Nullable Sender sender,
      Payload payload,
      Map<String, String> headers,
      BroadcastPolicy audience,
      @Nullable String idempotencyKey,
      @Nullable Amendment amendment,
      MessageRevision revision,
      @Nullable Position position,
      long millis) {
    return new RoomMessage(
        room,
        sender,
        null,
        payload,
        headers,
        audience,
        idempotencyKey,
        amendment,
        revision,
        position,
        millis);
  }

  /** Returns a message as this class, which is the only implementation of the interface. */
  public static RoomMessage of(Message message) {
    if (message instanceof RoomMessage own) {
      return own;
    }
    throw new IllegalArgumentException(
        "message "
            + message
            + " was not created by Roomful: publish a message of onMessage or Room.messageFrom, or"
            + " use announce");
  }

  /** A copy with the same payload, and its frame. */
  private RoomMessage copy(
      @Nullable MessageOrigin newOrigin,
      BroadcastPolicy newAudience,
      MessageRevision newRevision,
      @Nullable Position newPosition,
      long newMillis) {
    RoomMessage copy =
        new RoomMessage(
            room,
            sender,
            newOrigin,
            payload,
            headers,
            newAudience,
            idempotencyKey,
            amendment,
            newRevision,
            newPosition,
            newMillis);
    copy.frame = frame;
    return copy;
  }

  /** A copy that the application publishes. */
  private RoomMessage variant(
      Payload newPayload,
      Map<String, String> newHeaders,
      @Nullable String newKey,
      @Nullable Amendment newAmendment) {
    return new RoomMessage(
        room,
        sender,
        origin,
        newPayload,
        newHeaders,
        audience,
        newKey,
        newAmendment,
        MessageRevision.NONE,
        null,
        millis);
  }

  public RoomMessage withAudience(BroadcastPolicy newAudience) {
    return copy(origin, newAudience, revision, position, millis);
  }

  /** Returns the message with the position and the time that the log gave it. */
  public RoomMessage withPosition(Position newPosition, long newMillis) {
    return copy(origin, audience, revision, newPosition, newMillis);
  }

  /** Returns the message as the history stores it: without the session, which may end before. */
  public RoomMessage withoutOrigin() {
    return copy(null, audience, revision, position, millis);
  }

  /** Returns a stored message with another revision. */
  RoomMessage withRevision(MessageRevision newRevision) {
    return copy(origin, audience, newRevision, position, millis);
  }

  /** Returns a stored message with the payload of an edit. */
  RoomMessage withEdit(Payload newPayload) {
    return new RoomMessage(
        room,
        sender,
        origin,
        newPayload,
        headers,
        audience,
        idempotencyKey,
        amendment,
        revision.withEdited(),
        position,
        millis);
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
    return variant(newPayload, headers, idempotencyKey, amendment);
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
    return variant(payload, Collections.unmodifiableMap(extended), idempotencyKey, amendment);
  }

  @Override
  public Message withMentions(Collection<String> ids) {
    ids.forEach(id -> Identifiers.requireId("id of a mention", id));
    return withHeader(MENTIONS, String.join("\n", ids));
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
    return variant(payload, headers, key, amendment);
  }

  @Override
  public Message withAmendment(Amendment newAmendment) {
    Objects.requireNonNull(newAmendment, "amendment");
    return variant(payload, headers, idempotencyKey, newAmendment);
  }

  @Override
  public Optional<Amendment> amendment() {
    return Optional.ofNullable(amendment);
  }

  public boolean isAmendment() {
    return amendment != null;
  }

  MessageRevision revision() {
    return revision;
  }

  @Override
  public boolean isEdited() {
    return revision.edited();
  }

  @Override
  public boolean isPinned() {
    return revision.pinned();
  }

  @Override
  public Map<String, Set<String>> reactions() {
    return revision.reactions();
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
