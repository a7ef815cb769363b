package dev.roomful.centrifuge;

import java.util.List;
import java.util.Map;

/**
 * The answer to one command.
 *
 * @param id that of the command, at least 1
 * @param outcome the result, of the kind that the command asked for, or an error
 */
record Reply(long id, Outcome outcome) implements ServerMessage {
  Reply {
    if (id < 1 || id > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(
          "a reply has the id of its command, from 1 to 4294967295, not " + id);
    }
  }

  /** What became of a command. */
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
   * How long something is good for.
   *
   * @param expires whether it ends by itself, and the client should send a new token before
   * @param seconds in how many seconds, 0 if it does not end
   */
  record TimeToLive(boolean expires, int seconds) {
    static final TimeToLive UNLIMITED = new TimeToLive(false, 0);

    /** It ends in so many seconds. */
    static TimeToLive ofSeconds(int seconds) {
      return new TimeToLive(true, seconds);
    }
  }

  /**
   * The connection is made.
   *
   * @param client the id of this connection
   * @param version that of the server, may be empty
   * @param timeToLive of the connection
   * @param data for the application
   * @param subs server-side subscriptions, by channel
   * @param ping seconds between two pings of the server's, 0 for none
   * @param pong whether the client has to answer them
   * @param session may be empty
   * @param node which server this is, may be empty
   */
  record Connected(
      String client,
      String version,
      TimeToLive timeToLive,
      Data data,
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
   * The subscription is made.
   *
   * @param timeToLive of the subscription
   * @param positioned whether the position is watched
   * @param recoverable whether the client can recover from here on
   * @param position where the stream is; after a recovery, where the client was
   * @param wasRecovering whether a recovery was asked for
   * @param recovered whether nothing is missing between the client's position and here
   * @param publications what was missed, oldest first; empty unless {@code recovered}
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
      Data data)
      implements Outcome {
    public Subscribed {
      publications = List.copyOf(publications);
    }
  }

  /** The subscription has ended. */
  record Unsubscribed() implements Outcome {}

  /** It was said. */
  record Published() implements Outcome {}

  /** Who is in the channel, by the id of the connection. */
  record PresenceResult(Map<String, ClientInfo> clients) implements Outcome {
    public PresenceResult {
      clients = Map.copyOf(clients);
    }
  }

  /** How many connections are in the channel, and of how many users. */
  record PresenceStatsResult(int clients, int users) implements Outcome {}

  /** What was said, and where the stream is now. */
  record HistoryResult(List<Publication> publications, StreamPosition position) implements Outcome {
    public HistoryResult {
      publications = List.copyOf(publications);
    }
  }

  /** What the application answers a call. */
  record RpcResult(Data data) implements Outcome {}

  /**
   * The connection lives on.
   *
   * @param client the id of this connection
   * @param version that of the server, may be empty
   * @param timeToLive the new one
   */
  record Refreshed(String client, String version, TimeToLive timeToLive) implements Outcome {}

  /** The subscription lives on. */
  record SubRefreshed(TimeToLive timeToLive) implements Outcome {}
}
