package dev.roomful.centrifuge;

/** What the server tells a client without having been asked. */
sealed interface Push extends ServerMessage {
  /**
   * Something was said in a channel. See {@link Codec#publicationTemplate} for one that many hear.
   */
  record Publish(String channel, Publication publication) implements Push {}

  /** A client has joined a channel. */
  record Join(String channel, ClientInfo info) implements Push {}

  /** A client has left a channel. */
  record Leave(String channel, ClientInfo info) implements Push {}

  /** The server has ended a subscription. */
  record Unsubscribe(String channel, UnsubscribeStatus status) implements Push {}

  /** A message of the application's to this client, in no channel. */
  record DirectMessage(Data data) implements Push {}

  /**
   * The server has subscribed the client.
   *
   * @param channel the channel
   * @param positioned whether the position is watched
   * @param recoverable whether the client can recover from here on
   * @param position where the stream is
   * @param data for the application
   */
  record Subscribe(
      String channel, boolean positioned, boolean recoverable, StreamPosition position, Data data)
      implements Push {}

  /** The connection is about to end, for clients that may not see the close frame. */
  record Disconnecting(Disconnect status) implements Push {}

  /** The server has given the connection another expiry. */
  record Refresh(Reply.TimeToLive timeToLive) implements Push {}
}
