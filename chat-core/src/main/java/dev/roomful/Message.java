package dev.roomful;

import dev.roomful.admission.Credential;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A message of a room: its sender, its payload and, once it is published, its position and time.
 * Immutable; the methods that start with {@code with} return changed copies.
 *
 * <p>Applications get messages from {@link RoomHandler#onMessage} and {@link Room#history}; they do
 * not implement this interface.
 */
public interface Message {
  /** The largest number of headers of a message. */
  int MAX_HEADERS = 16;

  /** The largest size of all header keys and values together, in UTF-8 bytes. */
  int MAX_HEADER_BYTES = 4096;

  /** The header with the position of the message that this one replies to. */
  String REPLY_TO = "reply-to";

  /** The header with the ids of the participants whom the message mentions, a line for each. */
  String MENTIONS = "mentions";

  /** {@return the room in which it was published} */
  Room room();

  /**
   * Returns who published the message.
   *
   * @return the sender's identity at the time of publishing
   * @throws IllegalStateException if the message is an announcement, which has no sender: check
   *     {@link #isAnnouncement} first
   */
  Sender sender();

  /**
   * Returns the participant who publishes the message, as {@link RoomHandler#onMessage} receives
   * it.
   *
   * @return the participant
   * @throws IllegalStateException if the message does not come from a connection, but from the
   *     application or a history: use {@link #sender} and {@link Chat#participant} there
   */
  Participant participant();

  /** {@return whether the application published it without a sender} */
  boolean isAnnouncement();

  /** {@return the message's place in its room; empty until it is published, and for signals} */
  Optional<Position> position();

  /**
   * Returns when the message was published. In one room, time never goes back from a message to the
   * next one; all nodes use one clock per room.
   *
   * @return the time; while the message is not published yet, the time at which it arrived
   */
  Instant time();

  /**
   * Returns small pieces of text that travel with the payload, such as a language or a reference.
   *
   * @return an immutable map, at most {@value #MAX_HEADERS} entries and {@value #MAX_HEADER_BYTES}
   *     bytes
   */
  Map<String, String> headers();

  /** {@return the text or the bytes} */
  Payload payload();

  /** {@return whether the payload is text} */
  default boolean isText() {
    return payload().isText();
  }

  /**
   * Returns the payload as text.
   *
   * @return the text
   * @throws IllegalStateException if the payload is binary: check {@link #isText} first
   */
  default String text() {
    return payload().text();
  }

  /**
   * Returns the payload as bytes.
   *
   * @return a read-only view of the bytes
   * @throws IllegalStateException if the payload is text: check {@link #isText} first
   */
  default ByteBuffer bytes() {
    return payload().bytes();
  }

  /**
   * Returns a copy with another text.
   *
   * @param text the text to publish
   * @return the changed copy
   */
  default Message withPayload(String text) {
    return withPayload(Payload.text(text));
  }

  /**
   * Returns a copy with another payload.
   *
   * @param payload the payload to publish
   * @return the changed copy
   */
  Message withPayload(Payload payload);

  /**
   * Returns a copy with one header more.
   *
   * @param key the header's key, not empty
   * @param value its value
   * @return the changed copy
   * @throws IllegalArgumentException if the headers would exceed {@value #MAX_HEADERS} entries or
   *     {@value #MAX_HEADER_BYTES} bytes
   */
  Message withHeader(String key, String value);

  /**
   * Returns a copy that replies to another message: one with the header {@link #REPLY_TO}. The room
   * does not check whether that message is stored.
   *
   * @param position the position of the other message
   * @return the changed copy
   * @throws IllegalArgumentException if there are too many headers
   */
  default Message withReplyTo(Position position) {
    return withHeader(REPLY_TO, position.toString());
  }

  /** {@return the position of the message that this one replies to, if it has such a header} */
  default Optional<Position> replyTo() {
    return Optional.ofNullable(headers().get(REPLY_TO)).flatMap(Position::parse);
  }

  /**
   * Returns a copy that mentions participants: one with the header {@link #MENTIONS}. Those who are
   * not in the room are named to {@link RoomHandler#onAbsent}.
   *
   * @param ids the ids of the participants, each 1 to 128 characters without control characters
   * @return the changed copy
   * @throws IllegalArgumentException if an id is not valid, or all headers are larger than {@value
   *     #MAX_HEADER_BYTES} bytes
   */
  Message withMentions(Collection<String> ids);

  /** {@return the ids of the participants whom the message mentions, in the order of the header} */
  default List<String> mentions() {
    String ids = headers().get(MENTIONS);
    return ids == null || ids.isEmpty() ? List.of() : List.of(ids.split("\n"));
  }

  /**
   * Returns a copy that is published at most once, however often a message with this key is
   * published: for clients that send again what was not acknowledged. A room remembers the keys of
   * its last 1,000 messages that had one. Each sender has keys of its own.
   *
   * @param key the client's name for this message, 1 to 128 characters
   * @return the changed copy
   * @throws IllegalArgumentException if the key is empty or too long
   */
  Message withIdempotencyKey(String key);

  /** {@return the key of {@link #withIdempotencyKey}, if it has one} */
  Optional<String> idempotencyKey();

  /**
   * Returns a copy that changes an earlier message. For an edit, its payload replaces that of the
   * earlier message, which keeps its headers; otherwise the payload is what clients receive about
   * the change.
   *
   * @param amendment what it changes
   * @return the changed copy
   */
  Message withAmendment(Amendment amendment);

  /** {@return what this message changes; empty unless it is an amendment} */
  Optional<Amendment> amendment();

  /** {@return whether an amendment has replaced the payload; for messages of a history} */
  boolean isEdited();

  /** {@return whether the message is pinned; for messages of a history} */
  boolean isPinned();

  /**
   * Returns the reactions to a message of a history.
   *
   * @return the ids of the participants who have reacted, by reaction; both in the order in which
   *     they were added, immutable
   */
  Map<String, Set<String>> reactions();

  /**
   * Replies with a text to the connection that the message came from, and to no other connection of
   * the sender. The reply is queued after everything that was queued for that connection before.
   *
   * @param text the reply
   * @return done, or rejected with {@link Rejection#GONE} if that connection has closed
   * @throws IllegalArgumentException if the text is larger than half of an outbox
   */
  default Outcome reply(String text) {
    return reply(Payload.text(text));
  }

  /**
   * Replies to the connection that the message came from, as {@link #reply(String)} does.
   *
   * @param payload the reply
   * @return done, or rejected with {@link Rejection#GONE} if that connection has closed
   * @throws IllegalArgumentException if the payload is larger than half of an outbox
   */
  Outcome reply(Payload payload);

  /**
   * Replaces the credential of the connection that the message came from, before it expires: the
   * message is the client's new token, which the application has checked and found to be of {@link
   * #sender}.
   *
   * @param credential the new credential
   * @return done, or rejected with {@link Rejection#EXPIRED} or {@link Rejection#REVOKED}, and then
   *     nothing has changed, or with {@link Rejection#GONE} if that connection has closed
   */
  Outcome renew(Credential credential);

  /**
   * Returns who receives the message.
   *
   * @return the room's policy combined with that of the call; everyone until it is published
   */
  BroadcastPolicy audience();
}
