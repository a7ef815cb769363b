package dev.roomful.protocol;

import dev.roomful.CloseStatus;
import dev.roomful.Room;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Understands what one client says in its dialect, and does it by way of its {@link
 * ProtocolSession}.
 *
 * <p>{@code text} and {@code binary} come one at a time, in the order of the wire, on a thread of
 * the transport; what they do about a room belongs into {@link ProtocolSession#enqueue}. The other
 * methods may come at any time, on any thread.
 */
public interface ProtocolHandler {
  /**
   * A text came, no longer than the chat's limit.
   *
   * @param text the text
   */
  void text(String text);

  /**
   * Bytes came, no more than the chat's limit.
   *
   * @param bytes the message, not kept after the call
   */
  void binary(ByteBuffer bytes);

  /**
   * The application brings the connection into a room, as {@link dev.roomful.Participant#join}
   * does.
   *
   * @return what the client is told about that
   */
  JoinReply serverJoinReply();

  /**
   * The connection is thrown out of a room, and hears nothing of it behind this. Called under the
   * room's lock: must be memory work, and call nothing of the chat.
   *
   * @param room the room
   * @param status the reason
   * @return what the client is told, or null for nothing
   */
  @Nullable Frame encodeRemoval(Room room, CloseStatus status);

  /** Comes a few times a second, to look at deadlines; must be quick. */
  void tick();
}
