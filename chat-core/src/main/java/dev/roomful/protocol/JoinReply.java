package dev.roomful.protocol;

import dev.roomful.JoinInfo;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.transport.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client is told when its connection has come into a room. */
@FunctionalInterface
public interface JoinReply {
  /**
   * Says what the connection hears first, ahead of all that is said in the room from now on, which
   * waits for it: be quick. Called with no lock held. If it throws, the connection is closed with
   * {@link dev.roomful.CloseStatus#FAILED}.
   *
   * @param joinInfo how things stand; with the participants only if the room has a greeting
   * @param missed what was missed and asked for, the oldest first, with positions
   * @param welcomeMessage what the room has to say to whoever comes, or null
   * @return the frame, or null for none
   */
  @Nullable Frame encode(JoinInfo joinInfo, List<Message> missed, @Nullable Payload welcomeMessage);
}
