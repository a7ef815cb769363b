package dev.roomful.centrifuge;

/** A message of the server that is not a reply. */
sealed interface Push extends ServerMessage {
  /** A publication. {@link Codec#publicationTemplate} encodes those for many clients. */
  record Publish(String channel, Publication publication) implements Push {}

  /** A client has joined a channel. */
  record Join(String channel, ClientInfo info) implements Push {}

  /** A client has left a channel. */
  record Leave(String channel, ClientInfo info) implements Push {}

  /** The server has ended a subscription. */
  record Unsubscribe(String channel, UnsubscribeStatus status) implements Push {}

  /** A message to this client, in no channel. */
  record DirectMessage(RawData data) implements Push {}

  /**
   * The server has subscribed the client.
   *
   * @param channel the channel
   * @param positioned whether the position is watched
   * @param recoverable whether the client can recover from here on
   * @param position the position of the stream
   * @param data for the application
   */
  record Subscribe(
      String channel,
      boolean positioned,
      boolean recoverable,
      StreamPosition position,
      RawData data)
      implements Push {}

  /** The connection is about to close, for clients that may not see the close frame. */
  record Disconnecting(Disconnect status) implements Push {}

  /** The server has changed the expiry of the connection. */
  record Refresh(Reply.TimeToLive timeToLive) implements Push {}
}
