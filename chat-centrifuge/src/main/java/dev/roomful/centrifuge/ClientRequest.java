package dev.roomful.centrifuge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request of a command. Strings that the client did not send are empty, data is {@link
 * RawData#NONE}. No {@code toString} contains a token.
 */
sealed interface ClientRequest {
  /** {@return the error for a request that is not supported or unknown, null for any other} */
  default @Nullable ClientError unsupportedError() {
    return null;
  }

  /**
   * {@return whether the request reaches the application: it is not about subscriptions, presence,
   * history or tokens}
   */
  default boolean countsAsPublish() {
    return !(this instanceof Subscribe
        || this instanceof Unsubscribe
        || this instanceof Presence
        || this instanceof PresenceStats
        || this instanceof History
        || this instanceof Refresh
        || this instanceof SubRefresh);
  }

  /** The reply to a ping of the server: an empty command. */
  record Pong() implements ClientRequest {}

  /**
   * The first command of every connection.
   *
   * @param token a connection token, may be empty
   * @param data for the application
   * @param subs server-side subscriptions that the client wants to recover, by channel
   * @param name the name of the client software
   * @param version the version of the application
   * @param headers headers that the client could not send in the handshake
   */
  record Connect(
      String token,
      RawData data,
      Map<String, Subscribe> subs,
      String name,
      String version,
      Map<String, String> headers)
      implements ClientRequest {
    public Connect {
      subs = Map.copyOf(subs);
      headers = Map.copyOf(headers);
    }

    /** Without secrets that should not be in a log: headers may contain tokens, too. */
    @Override
    public String toString() {
      return "Connect[name=" + name + ", version=" + version + ", subs=" + subs.keySet() + "]";
    }
  }

  /**
   * A subscription.
   *
   * @param channel the channel, empty if the client named none
   * @param token a subscription token, may be empty
   * @param recover whether the client wants the publications since {@code since}
   * @param since the client's position; the start of the stream by default
   * @param data for the application
   * @param positioned whether the client wants its position watched
   * @param recoverable whether the client wants to be able to recover
   * @param joinLeave whether the client wants join and leave pushes
   * @param rejectUnrecovered whether a failed recovery should reject the subscription with {@link
   *     ClientError#UNRECOVERABLE_POSITION}
   * @param kind 0 for a stream, another number for kinds that are not supported
   * @param filtered whether the client sent a tags filter, which is not supported
   */
  record Subscribe(
      String channel,
      String token,
      boolean recover,
      StreamPosition since,
      RawData data,
      boolean positioned,
      boolean recoverable,
      boolean joinLeave,
      boolean rejectUnrecovered,
      long kind,
      boolean filtered)
      implements ClientRequest {
    /** The bit of {@code flag} for {@link #rejectUnrecovered}. */
    static final long REJECT_UNRECOVERED = 2;

    @Override
    public @Nullable ClientError unsupportedError() {
      return kind != 0 ? ClientError.NOT_AVAILABLE : filtered ? ClientError.BAD_REQUEST : null;
    }

    @Override
    public String toString() {
      return "Subscribe[channel=" + channel + (recover ? ", since=" + since : "") + "]";
    }
  }

  /** The end of a subscription. */
  record Unsubscribe(String channel) implements ClientRequest {}

  /**
   * A publication.
   *
   * @param channel the channel
   * @param data the data
   * @param kind 0 for a stream, another number for kinds that are not supported
   */
  record Publish(String channel, RawData data, long kind) implements ClientRequest {
    @Override
    public @Nullable ClientError unsupportedError() {
      return kind != 0 ? ClientError.NOT_AVAILABLE : null;
    }
  }

  /** A request for the connections in a channel. */
  record Presence(String channel) implements ClientRequest {}

  /** A request for the number of connections and users in a channel. */
  record PresenceStats(String channel) implements ClientRequest {}

  /**
   * A request for the publications of a channel.
   *
   * @param channel the channel
   * @param limit the largest number of publications; 0 for the position alone, below 0 for all
   * @param since the position after which to begin, or before which if {@code reverse}; null to
   *     begin with the oldest, or the newest if {@code reverse}
   * @param reverse newest first
   */
  record History(String channel, int limit, @Nullable StreamPosition since, boolean reverse)
      implements ClientRequest {}

  /** A ping of the client, which the protocol defines and no server answers. */
  record Ping() implements ClientRequest {
    @Override
    public ClientError unsupportedError() {
      return ClientError.NOT_AVAILABLE;
    }
  }

  /** A message to the application that has no reply. */
  record Send(RawData data) implements ClientRequest {}

  /** A call of an rpc method. */
  record Rpc(String method, RawData data) implements ClientRequest {}

  /** A new connection token. */
  record Refresh(String token) implements ClientRequest {
    @Override
    public String toString() {
      return "Refresh[]";
    }
  }

  /**
   * A new subscription token.
   *
   * @param channel the channel
   * @param token the token
   * @param kind 0, or another number for what is not supported
   */
  record SubRefresh(String channel, String token, long kind) implements ClientRequest {
    @Override
    public @Nullable ClientError unsupportedError() {
      return kind != 0 ? ClientError.NOT_AVAILABLE : null;
    }

    @Override
    public String toString() {
      return "SubRefresh[channel=" + channel + "]";
    }
  }

  /** A command with an id and an unknown request. */
  record Unknown() implements ClientRequest {
    @Override
    public ClientError unsupportedError() {
      return ClientError.METHOD_NOT_FOUND;
    }
  }
}
