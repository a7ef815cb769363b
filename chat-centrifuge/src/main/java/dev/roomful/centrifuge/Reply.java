package dev.roomful.centrifuge;

import java.util.List;
import java.util.Map;

/**
 * The reply to one command.
 *
 * @param id the id of the command, at least 1
 * @param outcome the result that belongs to the command, or an error
 */
record Reply(long id, Outcome outcome) implements ServerMessage {
  Reply {
    if (id < 1 || id > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(
          "reply id is " + id + ": must be between 1 and 4294967295");
    }
  }

  /** The outcome of a command. */
  sealed interface Outcome
      permits ClientError,
          Connected,
          Subscribed,
          Unsubscribed,
          Published,
          PresenceResult,
          PresenceStatsResult,
          HistoryResult,
          RpcResult,
          Refreshed,
          SubRefreshed {}

  /**
   * How long something is valid.
   *
   * @param expires whether it expires, so that the client should send a new token before
   * @param seconds the time until then, 0 if it does not expire
   */
  record TimeToLive(boolean expires, int seconds) {
    static final TimeToLive UNLIMITED = new TimeToLive(false, 0);

    /** {@return a time to live of so many seconds} */
    static TimeToLive ofSeconds(int seconds) {
      return new TimeToLive(true, seconds);
    }
  }

  /**
   * The client is connected.
   *
   * @param client the id of this connection
   * @param version the version of the server, may be empty
   * @param timeToLive the time to live of the connection
   * @param data for the application
   * @param subs server-side subscriptions, by channel
   * @param ping seconds between two pings of the server, 0 for none
   * @param pong whether the client has to answer them
   * @param session may be empty
   * @param node the name of this server, may be empty
   */
  record Connected(
      String client,
      String version,
      TimeToLive timeToLive,
      RawData data,
      Map<String, Subscribed> subs,
      int ping,
      boolean pong,
      String session,
      String node)
      implements Outcome {
    public Connected {
      subs = Map.copyOf(subs);
    }
  }

  /**
   * The client is subscribed.
   *
   * @param timeToLive the time to live of the subscription
   * @param positioned whether the position is watched
   * @param recoverable whether the client can recover from here on
   * @param position the position of the stream; after a recovery, the position of the client
   * @param wasRecovering whether the client asked for a recovery
   * @param recovered whether nothing is missing between the client's position and the stream's
   * @param publications the missed publications, oldest first; empty unless {@code recovered}
   * @param data for the application
   */
  record Subscribed(
      TimeToLive timeToLive,
      boolean positioned,
      boolean recoverable,
      StreamPosition position,
      boolean wasRecovering,
      boolean recovered,
      List<Publication> publications,
      RawData data)
      implements Outcome {
    public Subscribed {
      publications = List.copyOf(publications);
    }
  }

  /** The client is not subscribed any more. */
  record Unsubscribed() implements Outcome {}

  /** The data was published. */
  record Published() implements Outcome {}

  /** The connections in the channel, by id. */
  record PresenceResult(Map<String, ClientInfo> clients) implements Outcome {
    public PresenceResult {
      clients = Map.copyOf(clients);
    }
  }

  /** The number of connections in the channel, and of their users. */
  record PresenceStatsResult(int clients, int users) implements Outcome {}

  /** A page of history, and the position of the stream. */
  record HistoryResult(List<Publication> publications, StreamPosition position) implements Outcome {
    public HistoryResult {
      publications = List.copyOf(publications);
    }
  }

  /** The data that an rpc handler returned. */
  record RpcResult(RawData data) implements Outcome {}

  /**
   * The connection has a new expiry.
   *
   * @param client the id of this connection
   * @param version the version of the server, may be empty
   * @param timeToLive the new time to live
   */
  record Refreshed(String client, String version, TimeToLive timeToLive) implements Outcome {}

  /** The subscription has a new expiry. */
  record SubRefreshed(TimeToLive timeToLive) implements Outcome {}
}
