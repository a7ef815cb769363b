package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Admission;
import dev.roomful.Arrival;
import dev.roomful.Authority;
import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Notices;
import dev.roomful.Page;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Position;
import dev.roomful.Refusal;
import dev.roomful.Role;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/** The code of the guide: here it is compiled and run, and there it is the same. */
class GuideTest {
  private static final Path GUIDE = Path.of("../docs/guide.md");

  private static final RoomHandler HANDLER = new RoomHandler() {};

  private static Room lobby(TestChat chat) {
    return chat.chat().room("lobby").orElseThrow();
  }

  // tag::handler
  static final class Lobby implements RoomHandler {
    @Override
    public void onJoin(Room room, Participant who) {
      room.announce(who.name() + " is here");
    }

    @Override
    public void onMessage(Room room, Message message) {
      room.broadcast(message.with(message.sender().name() + ": " + message.text()));
    }

    @Override
    public void onLeave(Room room, Participant who, CloseStatus why) {
      room.announce(who.name() + " has left");
    }
  }

  // end::handler

  @Test
  void aRoomWithAHandler() {
    try (TestChat chat = TestChat.of(new Lobby())) {
      TestClient ann = chat.enter("lobby", "ann");
      chat.enter("lobby", "bob").say("hello");
      assertEquals(List.of("ann is here", "bob is here", "bob: hello"), ann.heard());
    }
  }

  @Test
  void someRoomsAreOtherThanTheRest() {
    // tag::rooms
    Chat.Builder builder =
        Chat.builder(new Lobby())
            .room("staff", RoomOptions.defaults().capacity(20).permanent())
            .rooms(RoomOptions.defaults().capacity(200));
    // end::rooms
    try (TestChat chat = TestChat.of(builder)) {
      assertEquals(1, chat.chat().rooms().size());
    }
  }

  // tag::doorman
  static Admission admit(Handshake handshake) {
    Optional<String> token = handshake.query("token");
    if (token.isEmpty()) {
      return Refusal.of(401, "log in first");
    }
    String user = token.get(); // look it up where you keep your sessions
    return Entry.of(user, handshake.path("room").orElse("lobby")).named(user);
  }

  // end::doorman

  @Test
  void whoHasNoTokenIsRefused() {
    try (TestChat chat = TestChat.of(Chat.builder(HANDLER).doorman(GuideTest::admit))) {
      assertEquals(Refusal.of(401, "log in first"), chat.ask(TestHandshake.create()));
    }
  }

  @Test
  void whoHearsWhat() {
    RoomHandler whispering =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::whisper
            if (message.text().startsWith("@ann ")) {
              room.broadcast(message, BroadcastPolicy.onlyIds(Set.of("ann")));
            } else {
              room.broadcast(message, BroadcastPolicy.excludingSender());
            }
            // end::whisper
          }
        };
    try (TestChat chat = TestChat.of(whispering)) {
      TestClient ann = chat.enter("lobby", "ann");
      TestClient bob = chat.enter("lobby", "bob");
      TestClient cem = chat.enter("lobby", "cem");
      cem.say("@ann psst");
      cem.say("hello");
      assertEquals(List.of("@ann psst", "hello"), ann.heard());
      assertEquals(List.of("hello"), bob.heard());
    }
  }

  @Test
  void aRoomThatKeepsWhatWasSaid() {
    // tag::history
    RoomOptions keeping =
        RoomOptions.defaults()
            .permanent()
            .history(History.of(500).bytes(256 * 1024).age(Duration.ofHours(12)));
    // end::history
    try (TestChat chat = TestChat.of(Chat.builder(HANDLER).room("lobby", keeping))) {
      lobby(chat).announce("one");
      lobby(chat).announce("two");
      Room room = lobby(chat);
      // tag::paging
      List<Message> newest = room.history(Page.last(50)).orElseThrow();
      Position first = newest.get(0).position().orElseThrow();
      List<Message> older = room.history(Page.before(first, 50)).orElseThrow();
      // end::paging
      assertEquals(2, newest.size());
      assertEquals(List.of(), older);
    }
  }

  // tag::resume
  static Admission comingBack(Handshake handshake) {
    Page missed =
        handshake.query("since").flatMap(Position::parse).map(Page::since).orElse(Page.last(20));
    return Entry.of(handshake.query("id").orElse("guest"), "lobby").replay(missed);
  }

  static Payload greet(Arrival arrival) {
    return Payload.text("recovered=" + arrival.recovered() + " position=" + arrival.position());
  }

  // end::resume

  @Test
  void whoComesBackHearsWhatItMissed() {
    RoomOptions options =
        RoomOptions.defaults().permanent().history(History.of(10)).greeting(GuideTest::greet);
    try (TestChat chat =
        TestChat.of(Chat.builder(HANDLER).doorman(GuideTest::comingBack).room("lobby", options))) {
      lobby(chat).announce("one");
      Position seen = lobby(chat).position();
      lobby(chat).announce("two");
      TestClient ann = chat.enter(TestHandshake.create().withQuery("since", seen.toString()));
      assertEquals(
          List.of("recovered=true position=" + lobby(chat).position(), "two"), ann.heard());
    }
  }

  @Test
  void aMessageThatIsSentAgainIsHeardOnce() {
    RoomHandler once =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::once
            String[] parts = message.text().split(" ", 2); // the client's key, then its words
            room.publish(message.with(parts[1]).once(parts[0]))
                .thenAccept(position -> message.reply("ack " + parts[0] + " " + position.offset()));
            // end::once
          }
        };
    try (TestChat chat = TestChat.of(once)) {
      TestClient ann = chat.enter("lobby", "ann");
      ann.say("k1 hello");
      ann.say("k1 hello");
      assertEquals(List.of("hello", "ack k1 1", "ack k1 1"), ann.heard());
    }
  }

  // tag::presence
  static final class Here implements Notices {
    @Override
    public Payload joined(Participant who) {
      return changed(who);
    }

    @Override
    public Payload changed(Participant who) {
      return Payload.text("here " + who.id() + " " + who.attributes().get("status"));
    }

    @Override
    public Payload left(Participant who) {
      return Payload.text("gone " + who.id());
    }
  }

  // end::presence

  @Test
  void whoIsHere() {
    RoomOptions options = RoomOptions.defaults().notices(new Here());
    try (TestChat chat = TestChat.of(Chat.builder(HANDLER).rooms(options))) {
      TestClient ann = chat.enter("lobby", "ann");
      chat.enter(Entry.of("bob", "lobby").with("status", "online"));
      Participant bob = chat.chat().participant("bob").orElseThrow();
      // tag::update
      bob.update("status", "away");
      // end::update
      assertEquals(List.of("here bob online", "here bob away"), ann.heard());
    }
  }

  @Test
  void typing() {
    RoomHandler typing =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::signal
            if (message.text().equals("/typing")) {
              room.signal(message.with(message.sender().name() + " is typing"));
            } else {
              room.broadcast(message);
            }
            // end::signal
          }
        };
    try (TestChat chat = TestChat.of(typing)) {
      TestClient ann = chat.enter("lobby", "ann");
      ann.say("/typing");
      assertEquals(List.of("ann is typing"), ann.heard());
    }
  }

  @Test
  void inCharge() {
    RoomHandler moderated =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::moderate
            String[] words = message.text().split(" ", 2);
            Authority authority = room.by(message.sender());
            Optional<Refusal> refusal =
                switch (words[0]) {
                  case "/kick" -> authority.kick(words[1], "enough");
                  case "/mute" -> authority.mute(words[1], Duration.ofMinutes(5), "cool down");
                  case "/ban" -> authority.ban(words[1], Duration.ofDays(1), "spam");
                  default -> Optional.empty();
                };
            refusal.ifPresent(why -> message.reply(why.code() + ": " + why.reason()));
            // end::moderate
          }
        };
    try (TestChat chat = TestChat.of(moderated)) {
      TestClient bob = chat.enter("lobby", "bob");
      // tag::roles
      TestClient mia = chat.enter(Entry.of("mia", "lobby").as(Role.MODERATOR));
      // end::roles
      bob.say("/kick mia");
      mia.say("/mute bob");
      bob.say("hello?");
      mia.say("/ban bob");
      assertEquals(List.of("not-allowed: a member may not kick", "cool down"), bob.heard());
      assertEquals(Optional.of(CloseStatus.BANNED.because("spam")), bob.closeStatus());
    }
  }

  @Test
  void limits() {
    // tag::limits
    Limits limits =
        Limits.defaults()
            .connections(10_000)
            .messageBytes(16 * 1024)
            .rate(5, 20)
            .writeTimeout(Duration.ofSeconds(20));
    Chat.Builder builder = Chat.builder(new Lobby()).limits(limits);
    // end::limits
    try (TestChat chat = TestChat.of(builder)) {
      assertEquals(10_000, chat.chat().gateway().limits().connections());
    }
  }

  @Test
  void aStalledPhone() {
    // tag::testing
    try (TestChat chat = TestChat.of(new Lobby())) {
      TestClient ann = chat.enter("lobby", "ann");
      TestClient phone = chat.enter("lobby", "phone");
      phone.stopReading();
      ann.heard();
      ann.say("hello");
      chat.advance(Duration.ofSeconds(11));
      assertEquals(List.of("ann: hello", "phone has left"), ann.heard());
    }
    // end::testing
  }

  @Test
  void theGuideShowsWhatIsRunHere() throws IOException {
    Map<String, String> shown = new HashMap<>();
    Matcher block = Snippets.BLOCK.matcher(Files.readString(GUIDE));
    while (block.find()) {
      shown.put(String.valueOf(block.group(1)), Snippets.code(block.group(2)));
    }
    assertEquals(Snippets.of(GuideTest.class), shown);
  }
}
