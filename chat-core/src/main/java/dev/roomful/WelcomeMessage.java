package dev.roomful;

/** Creates the first message that a connection receives when it joins a room. */
@FunctionalInterface
public interface WelcomeMessage {
  /**
   * Returns the first message for a connection, which it receives before replayed and live
   * messages. Called on the thread that joins the connection, with no lock held; live messages wait
   * meanwhile, so it should be quick. If it throws, the connection is closed with {@link
   * CloseStatus#FAILED}.
   *
   * @param joinInfo the state of the room when the connection joined
   * @return the first message
   */
  Payload payloadFor(JoinInfo joinInfo);
}
