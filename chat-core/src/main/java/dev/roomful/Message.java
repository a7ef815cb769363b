package dev.roomful;

import java.nio.ByteBuffer;

/**
 * What was said: its room, its sender, the connection it came from, and its text or bytes.
 * Immutable.
 */
public final class Message {
  private final Room room;
  private final Visit origin;
  private final Payload payload;

  Message(Room room, Visit origin, Payload payload) {
    this.room = room;
    this.origin = origin;
    this.payload = payload;
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
   */
  public Participant sender() {
    return origin.participant();
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
  public Message with(String text) {
    return with(Payload.text(text));
  }

  /**
   * The same sender, origin and room with another payload.
   *
   * @param payload what to hear
   * @return the message to broadcast
   */
  public Message with(Payload payload) {
    return new Message(room, origin, payload);
  }

  /**
   * Answers the connection it came from, and no other connection of the sender. The reply keeps its
   * place behind everything that was queued for that connection before.
   *
   * @param text the answer
   * @return false if that connection has gone
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
   */
  public boolean reply(Payload answer) {
    return origin.tell(answer);
  }

  Visit origin() {
    return origin;
  }

  @Override
  public String toString() {
    return sender() + " in " + room + ": " + payload;
  }
}
