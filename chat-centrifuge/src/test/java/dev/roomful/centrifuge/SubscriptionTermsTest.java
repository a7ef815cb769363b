package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.History;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a token says about one subscription, and what others see of it. */
class SubscriptionTermsTest {
  private final TestChat chat =
      TestChat.of(
          Chat.builder(new RoomHandler() {})
              .doorman(asked -> Entry.of("somebody", asked.path("room").orElse("lobby")))
              .rooms(RoomOptions.defaults().history(History.of(10))));
  private final Centrifuge door =
      Centrifuge.on(chat.chat())
          .tokens(Tokens.hs256(TokensTest.SECRET))
          .wall(InstantSource.fixed(Instant.ofEpochSecond(1000)));

  private Phone as(String user) {
    return with("{\"sub\":\"" + user + "\"}");
  }

  private Phone with(String claims) {
    return new Phone(door, TestHandshake.create()).connected(TokensTest.hs256(claims));
  }

  /** Subscribes with a token of such terms, and answers the reply. */
  private static String subscribe(Phone phone, String user, String terms, String wishes) {
    String token =
        TokensTest.hs256("{\"sub\":\"" + user + "\",\"channel\":\"lobby\"" + terms + "}");
    phone.say(
        "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"token\":\""
            + token
            + "\""
            + wishes
            + "}}");
    return phone.heard().get(0);
  }

  private static String override(String option, boolean value) {
    return ",\"override\":{\"" + option + "\":{\"value\":" + value + "}}";
  }

  private Phone watcher() {
    Phone watcher = as("watcher");
    watcher.say("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"join_leave\":true}}");
    watcher.heard();
    return watcher;
  }

  @AfterEach
  void nothingIsLeft() {
    Phone.assertLeavesNothing(chat);
  }

  @Test
  void theInfoOfATokenIsToldInItsChannelAndInNoOther() {
    Phone watcher = watcher();
    Phone alice = as("alice").in("side");
    subscribe(alice, "alice", ",\"info\":{\"seat\":1}", "");
    String info = "\"client\":\"" + alice.id() + "\",\"chan_info\":{\"seat\":1}}";
    alice.say(
        "{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}",
        "{\"id\":4,\"publish\":{\"channel\":\"side\",\"data\":2}}");
    assertFalse(alice.heard().get(2).contains("chan_info"));
    watcher.say("{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}");
    alice.vanish();
    watcher.say("{\"id\":4,\"history\":{\"channel\":\"lobby\",\"limit\":-1}}");
    List<String> heard = watcher.heard();
    assertEquals(5, heard.size());
    heard.forEach(line -> assertTrue(line.contains(info), line));
    assertTrue(heard.get(0).contains("\"join\"") && heard.get(3).contains("\"leave\""));
  }

  @Test
  void theInfoOfAServerSideSubscriptionIsToldToo() {
    Phone alice = with("{\"sub\":\"alice\",\"subs\":{\"lobby\":{\"b64info\":\"eyJhIjoxfQ==\"}}}");
    alice.say("{\"id\":2,\"presence\":{\"channel\":\"lobby\"}}");
    String reply = alice.heard().get(0);
    assertTrue(reply.contains("\"chan_info\":{\"a\":1}"), reply);
  }

  @Test
  void infoThatIsNoJsonIsToldAsText() {
    Phone alice = as("alice");
    subscribe(alice, "alice", ",\"b64info\":\"dmlw\"", "");
    alice.say("{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}");
    String reply = alice.heard().get(0);
    assertTrue(reply.contains("\"chan_info\":\"vip\""), reply);
  }

  @Test
  void withoutPresenceItIsNotAmongThosePresent() {
    Phone watcher = watcher();
    subscribe(as("alice"), "alice", override("presence", false), "");
    assertTrue(watcher.heard().get(0).contains("\"join\""));
    watcher.say("{\"id\":3,\"presence_stats\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of("{\"id\":3,\"presence_stats\":{\"num_clients\":1,\"num_users\":1}}"),
        watcher.heard());
  }

  @Test
  void withoutJoinLeaveOthersDoNotHearOfIt() {
    Phone watcher = watcher();
    Phone alice = as("alice");
    subscribe(alice, "alice", override("join_leave", false), "");
    alice.vanish();
    assertEquals(List.of(), watcher.heard());
  }

  @Test
  void joinsAndLeavesCanBeForcedAndWhoAsksForThemGetsThemAnyway() {
    Phone forced = as("forced");
    subscribe(forced, "forced", override("force_push_join_leave", true), "");
    Phone asking = as("asking");
    subscribe(asking, "asking", override("force_push_join_leave", false), ",\"join_leave\":true");
    Phone neither = as("neither");
    subscribe(neither, "neither", override("force_push_join_leave", false), "");
    as("bob").in("lobby");
    assertEquals(3, forced.heard().size());
    assertEquals(2, asking.heard().size());
    assertEquals(0, neither.heard().size());
  }

  @Test
  void recoveryAndPositioningCanBeTakenAndAskedForAgain() {
    String both = "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,";
    assertTrue(subscribe(as("a"), "a", override("force_recovery", true), "").startsWith(both));
    String off = override("force_recovery", false);
    String none = subscribe(as("b"), "b", off, ",\"recover\":true");
    assertTrue(none.startsWith("{\"id\":2,\"subscribe\":{\"epoch\":"), none);
    assertTrue(none.endsWith(",\"was_recovering\":true}}"), none);
    assertTrue(subscribe(as("c"), "c", off, ",\"recoverable\":true").startsWith(both));
    String positioned = "{\"id\":2,\"subscribe\":{\"positioned\":true,";
    assertTrue(subscribe(as("d"), "d", off, ",\"positioned\":true").startsWith(positioned));
    String forced =
        ",\"override\":{\"force_recovery\":{\"value\":false},"
            + "\"force_positioning\":{\"value\":true}}";
    assertTrue(subscribe(as("e"), "e", forced, "").startsWith(positioned));
  }

  @Test
  void whoMayNotRecoverIsNotRefusedForThatAndANewRoomHasNoPast() {
    chat.enter("lobby", "bob").say("1");
    String from = ",\"recover\":true,\"flag\":2,\"epoch\":\"old\"";
    String reply = subscribe(as("a"), "a", override("force_recovery", false), from);
    assertTrue(reply.endsWith(",\"was_recovering\":true}}"), reply);
    Phone alice = as("alice");
    alice.say(
        "{\"id\":3,\"subscribe\":{\"channel\":\"new\",\"recover\":true,\"flag\":2}}",
        "{\"id\":4,\"subscribe\":{\"channel\":\"other\",\"recover\":true,\"flag\":2,\"offset\":1}}");
    List<String> heard = alice.heard();
    assertTrue(heard.get(0).contains("\"recovered\":true"), heard.get(0));
    assertEquals(
        "{\"id\":4,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}", heard.get(1));
  }
}
