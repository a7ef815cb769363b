package dev.roomful.centrifuge;

import static dev.roomful.centrifuge.Phone.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.History;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the protocol's own server does where the schema does not say, and clients count on. */
class ReferenceTest {
  private Runnable during = () -> {};

  private final TestChat chat =
      TestChat.of(
          Chat.builder(
                  new RoomHandler() {
                    @Override
                    public void onMessage(Room room, Message message) {
                      room.broadcast(message);
                      Runnable now = during;
                      during = () -> {};
                      now.run();
                    }
                  })
              .doorman(asked -> Entry.of("somebody", asked.path("room").orElse("lobby")))
              .rooms(RoomOptions.defaults().history(History.of(10))));
  private final Centrifuge door =
      Centrifuge.on(chat.chat())
          .tokens(Tokens.hs256(TokensTest.SECRET))
          .wall(InstantSource.fixed(Instant.ofEpochSecond(1000)));

  private Phone with(String claims) {
    return new Phone(door, TestHandshake.create()).connected(TokensTest.hs256(claims));
  }

  private Phone alice() {
    return with("{\"sub\":\"alice\"}");
  }

  private Participant participant(String id) {
    return chat.chat().participant(id).orElseThrow();
  }

  private static String refresh(int id, String claims) {
    return "{\"id\":" + id + ",\"refresh\":{\"token\":\"" + TokensTest.hs256(claims) + "\"}}";
  }

  @AfterEach
  void nothingIsLeft() {
    Phone.assertLeavesNothing(chat);
  }

  @Test
  void aCommandAboutNoChannelIsABadRequest() {
    for (String command :
        List.of(
            "subscribe",
            "unsubscribe",
            "publish",
            "presence",
            "presence_stats",
            "history",
            "sub_refresh")) {
      Phone alice = alice();
      alice.say("{\"id\":2,\"" + command + "\":{}}");
      assertEquals(3501, alice.closeCode(), command);
      assertEquals(List.of(), alice.heard(), command);
    }
  }

  @Test
  void aRefreshOfASubscriptionNeedsTheSubscriptionThenTokensThenOne() {
    Phone alice = alice().in("lobby");
    alice.say(
        "{\"id\":3,\"sub_refresh\":{\"channel\":\"other\"}}",
        "{\"id\":4,\"sub_refresh\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of(error(3, 103, "permission denied"), error(4, 107, "bad request")), alice.heard());
    Phone bob = Phone.of(Centrifuge.on(chat.chat()), "bob").connected().in("lobby");
    bob.say("{\"id\":3,\"sub_refresh\":{\"channel\":\"lobby\",\"token\":\"x\"}}");
    assertEquals(List.of(error(3, 108, "not available")), bob.heard());
  }

  @Test
  void aTokenThatHasExpiredEndsTheSubscriptionAndIsAnswered() {
    Phone alice = alice().in("lobby");
    String old = TokensTest.hs256("{\"sub\":\"alice\",\"channel\":\"lobby\",\"exp\":999}");
    alice.say("{\"id\":3,\"sub_refresh\":{\"channel\":\"lobby\",\"token\":\"" + old + "\"}}");
    assertEquals(
        List.of(
            "{\"push\":{\"channel\":\"lobby\",\"unsubscribe\":"
                + "{\"code\":2501,\"reason\":\"subscription expired\"}}}",
            error(3, 109, "token expired")),
        alice.heard());
  }

  @Test
  void nothingIsBeforeTheStartOfAStream() {
    Phone alice = alice().in("lobby");
    alice.say(
        "{\"id\":3,\"history\":{\"channel\":\"lobby\",\"reverse\":true,\"since\":{\"offset\":0}}}");
    assertEquals(List.of(error(3, 107, "bad request")), alice.heard());
  }

  @Test
  void aPositionThatTheStreamHasNotReachedIsNotRecovered() {
    Phone alice = alice();
    alice.say("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"recover\":true,\"offset\":7}}");
    String reply = alice.heard().get(0);
    assertTrue(reply.endsWith("\"was_recovering\":true}}"), reply);
    assertFalse(reply.contains("\"offset\""), reply);
  }

  @Test
  void aRefreshMayTellOthersSomethingNewAndTheServerToo() {
    Phone alice = with("{\"sub\":\"alice\",\"info\":{\"a\":1},\"meta\":{\"plan\":\"free\"}}");
    assertEquals("{\"plan\":\"free\"}", participant("alice").attributes().get(Centrifuge.META));
    alice.say(refresh(2, "{\"sub\":\"alice\"}"));
    assertEquals("{\"a\":1}", participant("alice").attributes().get(Centrifuge.INFO));
    alice.say(refresh(3, "{\"sub\":\"alice\",\"info\":{\"a\":2},\"meta\":{\"plan\":\"pro\"}}"));
    assertEquals("{\"a\":2}", participant("alice").attributes().get(Centrifuge.INFO));
    assertEquals("{\"plan\":\"pro\"}", participant("alice").attributes().get(Centrifuge.META));
    assertEquals(2, alice.heard().size());
  }

  @Test
  void whoseTokenHasOtherSubscriptionsComesBackForThem() {
    Phone alice = with("{\"sub\":\"alice\",\"channels\":[\"news\"]}");
    alice.say(refresh(2, "{\"sub\":\"alice\",\"channels\":[\"news\"]}"));
    assertEquals(0, alice.closeCode());
    alice.say(refresh(3, "{\"sub\":\"alice\",\"channels\":[\"news\",\"more\"]}"));
    assertEquals(3010, alice.closeCode());
  }

  @Test
  void whatAClientHasSentIsSaidThoughItHangsUpMeanwhile() {
    Phone listener = with("{\"sub\":\"bob\"}").in("lobby");
    Phone busy = alice().in("lobby");
    Phone brief = alice().in("lobby");
    during =
        () -> {
          brief.say(
              "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}",
              "{\"id\":4,\"publish\":{\"channel\":\"lobby\",\"data\":2}}",
              "{\"id\":5,\"publish\":{\"channel\":\"lobby\",\"data\":3}}");
          brief.vanish();
        };
    busy.say("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":0}}");
    assertEquals(
        List.of("0", "1", "2", "3"),
        listener.heard().stream()
            .map(line -> line.replaceAll(".*\"data\":(\\d).*", "$1"))
            .toList());
  }
}
