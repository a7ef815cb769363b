package dev.roomful.redis;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.DisplayNames;
import dev.roomful.History;
import dev.roomful.JoinInfo;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomNotices;
import dev.roomful.RoomOptions;
import dev.roomful.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Collectors;

/** A chat of a {@link FaultStory}, with a link of its own to Redis. */
final class FaultNode {
  /** Stores all messages of a story, so that it shows the order of all of them. */
  static final String KEPT = "kept";

  /** Like {@link #KEPT}, but senders do not receive their own messages. */
  static final String OTHERS = "others";

  /** Stores nothing, exists only while somebody is in it, and allows each name once. */
  static final String BRIEF = "brief";

  static final int MAX_MESSAGES = 2000;

  private static final RoomNotices NOTICES =
      new RoomNotices() {
        @Override
        public Payload participantJoined(Room room, Participant participant) {
          return Payload.text(FaultClient.JOINED + participant.id());
        }

        @Override
        public Payload participantLeft(Room room, Participant participant) {
          return Payload.text(FaultClient.LEFT + participant.id());
        }
      };

  private static final RoomOptions ROOMS =
      RoomOptions.defaults().withNotices(NOTICES).withWelcome(FaultNode::welcome);

  /** Connects a node; fails if Redis does not answer. */
  static FaultNode start(String uri, RoomHandler handler) throws IOException {
    TcpProxy link = new TcpProxy(URI.create(uri));
    RedisCluster engine = RedisCluster.connect("redis://127.0.0.1:" + link.address().getPort());
    RoomOptions kept = ROOMS.withPermanent().withHistory(History.of(MAX_MESSAGES));
    try {
      Chat chat =
          Chat.builder(handler)
              .limits(
                  Limits.defaults()
                      .withMessagesPerSecond(0)
                      .withResumeWindow(Duration.ofSeconds(3)))
              .rooms(ROOMS.withDisplayNames(DisplayNames.unique()))
              .room(KEPT, kept)
              .room(OTHERS, kept.withPolicy(BroadcastPolicy.excludingSender()))
              .cluster(engine)
              .build();
      return new FaultNode(chat, engine, link);
    } catch (RuntimeException notStarted) {
      engine.close();
      link.close();
      throw notStarted;
    }
  }

  private final Chat chat;
  private final RedisCluster engine;
  private final TcpProxy link;
  private boolean killed;

  private FaultNode(Chat chat, RedisCluster engine, TcpProxy link) {
    this.chat = chat;
    this.engine = engine;
    this.link = link;
  }

  Chat chat() {
    return chat;
  }

  TcpProxy link() {
    return link;
  }

  boolean isKilled() {
    return killed;
  }

  /** Ends what others see of the node, as the end of its process does. */
  void kill() throws IOException {
    killed = true;
    link.close();
    engine.close();
  }

  void close() throws IOException {
    chat.close();
    link.close();
  }

  private static Payload welcome(JoinInfo info) {
    return Payload.text(
        FaultClient.WELCOME
            + String.join(
                "|",
                info.position().epoch(),
                Long.toString(info.position().offset()),
                Boolean.toString(info.recovered()),
                info.resumeSecret().orElse(""),
                info.participants().stream()
                    .map(Participant::id)
                    .collect(Collectors.joining(","))));
  }

  /** Publishes what a client sends. */
  interface Outcomes {
    void published(Room room, Message message);
  }

  static RoomHandler handler(Outcomes outcomes) {
    return new RoomHandler() {
      @Override
      public void onMessage(Room room, Message message) {
        outcomes.published(room, message);
      }
    };
  }
}
