package dev.roomful.protocol;

import dev.roomful.CloseStatus;
import dev.roomful.Room;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the input of one client and executes it through its {@link ProtocolSession}.
 *
 * <p>{@code text} and {@code binary} are called one at a time, in the order of the wire, on a
 * thread of the transport. They pass everything that concerns a room to {@link
 * ProtocolSession#enqueue}. The other methods may be called at any time, on any thread.
 */
public interface ProtocolHandler {
  /**
   * Receives a text, which is not longer than the chat's limit.
   *
   * @param text the text
   */
  void text(String text);

  /**
   * Receives a binary message, which is not longer than the chat's limit.
   *
   * @param bytes the message, not kept after the call
   */
  void binary(ByteBuffer bytes);

  /**
   * Returns the reply for a join that the application caused, such as {@link
   * dev.roomful.Participant#join}.
   *
   * @return encodes what the client receives about the join
   */
  JoinReplyEncoder serverJoinReply();

  /**
   * Encodes the last event of a room for this connection, which was removed from the room. Called
   * with the room's lock held: it must not block and must not call the chat.
   *
   * @param room the room
   * @param status the reason
   * @return the frame, or null for none
   */
  @Nullable Frame encodeRemoval(Room room, CloseStatus status);

  /** Called a few times a second, so that the protocol can check its deadlines; must be quick. */
  void tick();
}
