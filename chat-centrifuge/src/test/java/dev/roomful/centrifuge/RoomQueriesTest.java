package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Presence, joins and leaves, and history of a room. */
class RoomQueriesTest extends CentrifugeChatFixture {
  @Test
  void joinsAndLeavesAreSentOnlyToClientsThatRequestThem() {
    CentrifugeTestClient alice = connect("alice");
    alice.send("{\"id\":2,\"subscribe\":{\"channel\":\"lobby\",\"join_leave\":true}}");
    CentrifugeTestClient withoutJoinLeave = connect("deaf").subscribe("lobby");
    TestClient plain = chat.connect("lobby", "bob");
    plain.close();
    withoutJoinLeave.loseConnection();
    List<String> received = alice.received();
    assertTrue(received.get(0).startsWith("{\"id\":2,\"subscribe\":"));
    assertEquals(
        "{\"push\":{\"channel\":\"lobby\",\"join\":{\"info\":{\"user\":\"alice\",\"client\":\"@me\"}}}}",
        received.get(1));
    assertEquals(
        List.of("\"join\" deaf", "\"join\" bob", "\"leave\" bob", "\"leave\" deaf"),
        received.subList(2, 6).stream()
            .map(
                line ->
                    line.replaceAll(".*\"lobby\",(\"[a-z]+\").*\"user\":\"([a-z]+)\".*", "$1 $2"))
            .toList());
    assertEquals(List.of(), withoutJoinLeave.received());
  }

  @Test
  void presenceListsEachConnectionAndStatsCountThem() {
    chat.connect("lobby", "bob");
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    CentrifugeTestClient other = connect("alice").subscribe("lobby");
    alice.send(
        "{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}",
        "{\"id\":4,\"presence_stats\":{\"channel\":\"lobby\"}}",
        "{\"id\":5,\"presence\":{\"channel\":\"side\"}}");
    List<String> received = alice.received();
    assertTrue(
        received.get(0).contains("\"@me\":{\"user\":\"alice\",\"client\":\"@me\"}"),
        received.get(0));
    assertTrue(
        received.get(0).contains("\"" + other.id() + "\":{\"user\":\"alice\""), received.get(0));
    assertTrue(received.get(0).contains("{\"user\":\"bob\",\"client\":\""), received.get(0));
    assertEquals(
        "{\"id\":4,\"presence_stats\":{\"num_clients\":3,\"num_users\":2}}", received.get(1));
    assertEquals(
        "{\"id\":5,\"error\":{\"code\":102,\"message\":\"unknown channel\"}}", received.get(2));
  }

  @Test
  void aPresenceThatIsTooLargeForAReplyIsAnErrorAndClosesNobody() {
    recreateChat(
        builder(RoomOptions.defaults())
            .limits(Limits.defaults().withOutboxBytes(64 * 1024).withMessageBytes(32_000)));
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    for (int i = 0; i < 199; i++) {
      chat.connect("lobby", "bob" + i);
    }
    String presence = "{\"id\":3,\"presence\":{\"channel\":\"lobby\"}}";
    alice.send(presence);
    assertEquals(200, alice.received().get(0).split("\"user\"", -1).length - 1);
    chat.chat()
        .participant("bob0")
        .orElseThrow()
        .update(Participant.INFO, "\"" + "x".repeat(20_000) + "\"");
    alice.send(presence);
    String tooLarge =
        "{\"id\":3,\"error\":{\"code\":106,\"message\":\"presence of %d connections is too large"
            + " for a reply: use presence_stats\"}}";
    assertEquals(List.of(tooLarge.formatted(200)), alice.received());
    for (int i = 199; i < 999; i++) {
      chat.connect("lobby", "bob" + i);
    }
    alice.send(presence, "{\"id\":4,\"presence_stats\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of(
            tooLarge.formatted(1000),
            "{\"id\":4,\"presence_stats\":{\"num_clients\":1000,\"num_users\":1000}}"),
        alice.received());
    assertEquals(0, alice.closeCode());
  }

  @Test
  void historyIsPagedFromBothEnds() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(10)));
    TestClient plain = chat.connect("lobby", "bob");
    for (int i = 1; i <= 5; i++) {
      plain.send("\"m" + i + "\"");
    }
    String epoch = room("lobby").position().epoch();
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    assertEquals("", history(alice, "\"limit\":0"));
    assertEquals("m1 m2 m3 m4 m5", history(alice, "\"limit\":-1"));
    assertEquals("m1 m2", history(alice, "\"limit\":2"));
    assertEquals("m5 m4", history(alice, "\"limit\":2,\"reverse\":true"));
    String since = ",\"since\":{\"offset\":3,\"epoch\":\"" + epoch + "\"}";
    assertEquals("m4 m5", history(alice, "\"limit\":-1" + since));
    assertEquals("m2 m1", history(alice, "\"limit\":-1,\"reverse\":true" + since));
    alice.send("{\"id\":9,\"history\":{\"channel\":\"lobby\",\"limit\":0}}");
    assertEquals(
        List.of(
            "{\"id\":9,\"history\":{\"publications\":[],\"offset\":5,\"epoch\":\""
                + epoch
                + "\"}}"),
        alice.received());
    alice.send(
        "{\"id\":10,\"history\":{\"channel\":\"lobby\",\"limit\":1,"
            + "\"since\":{\"offset\":1,\"epoch\":\"old\"}}}");
    assertEquals(
        List.of("{\"id\":10,\"error\":{\"code\":112,\"message\":\"unrecoverable position\"}}"),
        alice.received());
  }

  private static String history(CentrifugeTestClient client, String more) {
    client.send("{\"id\":9,\"history\":{\"channel\":\"lobby\"," + more + "}}");
    StringBuilder found = new StringBuilder();
    var texts = Pattern.compile("\"data\":\"(m\\d)\"").matcher(client.received().get(0));
    while (texts.find()) {
      found.append(found.length() == 0 ? "" : " ").append(texts.group(1));
    }
    return found.toString();
  }

  @Test
  void aHistoryRequestForOneMessageReturnsTheNewestOrTheOldest() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(100)));
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    chat.connect("lobby", "bob").send("\"m1\"");
    for (int i = 0; i < 50; i++) {
      alice.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":\"m2\"}}");
    }
    alice.received();
    assertEquals("m2", history(alice, "\"limit\":1,\"reverse\":true"));
    assertEquals("m1", history(alice, "\"limit\":1"));
  }

  @Test
  void aRoomWithoutHistoryAnswersNotAvailable() {
    CentrifugeTestClient alice = connect("alice").subscribe("lobby");
    alice.send("{\"id\":3,\"history\":{\"channel\":\"lobby\"}}");
    assertEquals(
        List.of("{\"id\":3,\"error\":{\"code\":108,\"message\":\"not available\"}}"),
        alice.received());
  }

  @Test
  void aClientMayAskAboutRoomsThatTheAuthenticatorWouldLetItJoin() {
    recreateChat(RoomOptions.defaults().withHistory(History.of(10)));
    chat.connect("lobby", "bob").send("1");
    CentrifugeTestClient alice = connect("alice");
    alice.send(
        "{\"id\":2,\"presence\":{\"channel\":\"lobby\"}}",
        "{\"id\":3,\"presence_stats\":{\"channel\":\"lobby\"}}",
        "{\"id\":4,\"history\":{\"channel\":\"lobby\",\"limit\":10}}",
        "{\"id\":5,\"presence\":{\"channel\":\"secret\"}}",
        "{\"id\":6,\"history\":{\"channel\":\"moved\",\"limit\":10}}");
    List<String> received = alice.received();
    assertTrue(received.get(0).contains("{\"user\":\"bob\""), received.get(0));
    assertEquals(
        "{\"id\":3,\"presence_stats\":{\"num_clients\":1,\"num_users\":1}}", received.get(1));
    assertTrue(received.get(2).contains("\"data\":1"), received.get(2));
    assertEquals(
        List.of(
            "{\"id\":5,\"error\":{\"code\":103,\"message\":\"not for you\"}}",
            "{\"id\":6,\"error\":{\"code\":103,\"message\":\"permission denied\"}}"),
        received.subList(3, 5));
    assertEquals(1, lobby().size(), "asking is not joining");
  }

  @Test
  void aBannedUserAndARoleThatSeesNobodyGetNoAnswer() {
    recreateChat(
        RoomOptions.defaults()
            .withHistory(History.of(10))
            .withRoles((role, action) -> role.isAtLeast(Role.MEMBER)));
    chat.connect("lobby", "bob");
    chat.connect("balcony", "bob");
    lobby().ban("alice", Duration.ofMinutes(1), "spam");
    CentrifugeTestClient alice = connect("alice");
    alice.send(
        "{\"id\":2,\"history\":{\"channel\":\"lobby\",\"limit\":10}}",
        "{\"id\":3,\"presence\":{\"channel\":\"balcony\"}}");
    assertEquals(
        List.of(
            "{\"id\":2,\"error\":{\"code\":103,\"message\":\"spam\"}}",
            "{\"id\":3,\"error\":{\"code\":103,\"message\":\"permission denied\"}}"),
        alice.received());
  }

  private Room lobby() {
    return chat.chat().room("lobby").orElseThrow();
  }
}
