package dev.roomful.protocol;

import dev.roomful.JoinInfo;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.transport.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes what a client receives first after its connection has joined a room. */
@FunctionalInterface
public interface JoinReplyEncoder {
  /**
   * Encodes the reply. It goes ahead of all later frames of the room, which wait for it, so this
   * method must be quick. Called with no lock held. If it throws, the connection is closed with
   * {@link dev.roomful.CloseStatus#FAILED}.
   *
   * @param joinInfo the state of the room; lists the participants only if the room has a welcome
   *     message
   * @param missed the stored messages that the join asked for, oldest first, with positions
   * @param welcomeMessage the room's welcome message, or null
   * @return the frame, or null for none
   */
  @Nullable Frame encode(JoinInfo joinInfo, List<Message> missed, @Nullable Payload welcomeMessage);
}
