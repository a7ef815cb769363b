package dev.roomful.centrifuge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for. Strings that it did not send are empty, data is {@link Data#NONE}. None
 * of them prints a token.
 */
sealed interface ClientRequest {
  /**
   * What this is answered with if it asks for something that is left out of what Roomful speaks, or
   * that is not known at all; null if it does not.
   */
  default @Nullable ClientError unsupportedError() {
    return null;
  }

  /** Whether it is no step in or out of a channel, and no question about one. */
  default boolean countsAsPublish() {
    return !(this instanceof Subscribe
        || this instanceof Unsubscribe
        || this instanceof Presence
        || this instanceof PresenceStats
        || this instanceof History
        || this instanceof Refresh
        || this instanceof SubRefresh);
  }

  /** The answer to a server's ping: an empty command. */
  record Pong() implements ClientRequest {}

  /**
   * The first command of every connection.
   *
   * @param token a connection token, may be empty
   * @param data for the application
   * @param subs server-side subscriptions that the client wants to recover, by channel
   * @param name what kind of client this is
   * @param version which version of the application
   * @param headers headers that the client could not give to the handshake
   */
  record Connect(
      String token,
      Data data,
      Map<String, Subscribe> subs,
      String name,
      String version,
      Map<String, String> headers)
      implements ClientRequest {
    public Connect {
      subs = Map.copyOf(subs);
      headers = Map.copyOf(headers);
    }

    /** Without what nobody should find in a log: headers may have tokens, too. */
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
   * @param recover whether what was missed since {@code since} is wanted
   * @param since where the client was; its start if it did not say
   * @param data for the application
   * @param positioned whether the client wants its position watched
   * @param recoverable whether the client wants to be able to recover
   * @param joinLeave whether the client wants joins and leaves
   * @param rejectUnrecovered whether a recovery that fails should refuse the subscription with
   *     {@link ClientError#UNRECOVERABLE_POSITION}
   * @param kind 0 for a stream, another number for kinds that are left out
   * @param filtered whether a tags filter was sent, which is left out
   */
  record Subscribe(
      String channel,
      String token,
      boolean recover,
      StreamPosition since,
      Data data,
      boolean positioned,
      boolean recoverable,
      boolean joinLeave,
      boolean rejectUnrecovered,
      long kind,
      boolean filtered)
      implements ClientRequest {
    /** The bit of {@code flag} that {@link #rejectUnrecovered} is. */
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
   * Something to say in a channel.
   *
   * @param channel the channel
   * @param data what to say
   * @param kind 0 for a stream, another number for kinds that are left out
   */
  record Publish(String channel, Data data, long kind) implements ClientRequest {
    @Override
    public @Nullable ClientError unsupportedError() {
      return kind != 0 ? ClientError.NOT_AVAILABLE : null;
    }
  }

  /** Who is in a channel. */
  record Presence(String channel) implements ClientRequest {}

  /** How many are in a channel. */
  record PresenceStats(String channel) implements ClientRequest {}

  /**
   * What was said in a channel.
   *
   * @param channel the channel
   * @param limit how many publications at most; 0 for none but the position, below 0 for all
   * @param since behind which publication, or before which if {@code reverse}; null to begin with
   *     the oldest, or the newest if {@code reverse}
   * @param reverse newest first
   */
  record History(String channel, int limit, @Nullable StreamPosition since, boolean reverse)
      implements ClientRequest {}

  /** A ping of the client's, which the protocol has a number for and no server answers. */
  record Ping() implements ClientRequest {
    @Override
    public ClientError unsupportedError() {
      return ClientError.NOT_AVAILABLE;
    }
  }

  /** A message to the application that has no reply. */
  record Send(Data data) implements ClientRequest {}

  /** A call of the application. */
  record Rpc(String method, Data data) implements ClientRequest {}

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
   * @param kind 0, or another number for what is left out
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

  /** A command with an id and a request that is none of the above. */
  record Unknown() implements ClientRequest {
    @Override
    public ClientError unsupportedError() {
      return ClientError.METHOD_NOT_FOUND;
    }
  }
}
