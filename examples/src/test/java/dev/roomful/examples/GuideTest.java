package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.roomful.Names;
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
import dev.roomful.names.Confusables;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  @Test
  void nobodyMakesARoomThatIsNotDeclared() {
    // tag::declared
    Chat.Builder builder =
        Chat.builder(new Lobby())
            .onlyDeclaredRooms()
            .room("lobby", RoomOptions.defaults().permanent())
            .room("staff", RoomOptions.defaults());
    // end::declared
    try (TestChat chat = TestChat.of(builder)) {
      assertTrue(chat.enter("staff", "ann").isOpen());
      Refusal refusal = (Refusal) chat.ask(TestHandshake.create().withPath("room", "attic"));
      assertEquals(Refusal.UNKNOWN_ROOM, refusal.code());
    }
  }

  // tag::private
  static Admission byInvitation(Handshake handshake, Map<String, Set<String>> invited) {
    String user = handshake.principal().map(Principal::getName).orElse("");
    String room = handshake.path("room").orElse("lobby");
    return invited.getOrDefault(room, Set.of()).contains(user)
        ? Entry.of(user, room)
        : Refusal.of(403, "by invitation only");
  }

  // end::private

  @Test
  void whoIsNotInvitedStaysOut() {
    TestHandshake ann = TestHandshake.create().withPath("room", "board").withPrincipal(() -> "ann");
    Map<String, Set<String>> invited = Map.of("board", Set.of("ann"));
    try (TestChat chat =
        TestChat.of(Chat.builder(HANDLER).doorman(knock -> byInvitation(knock, invited)))) {
      assertTrue(chat.enter(ann).isOpen());
      assertEquals(Refusal.of(403, "by invitation only"), chat.ask(ann.withPrincipal(() -> "bob")));
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

  // tag::secret
  static Admission again(Handshake handshake) {
    String user = handshake.principal().map(Principal::getName).orElse("guest");
    Optional<Position> since = handshake.query("since").flatMap(Position::parse);
    Entry entry = Entry.of(user, "lobby").replay(since.map(Page::since).orElse(Page.nothing()));
    return handshake.query("secret").map(entry::resuming).orElse(entry);
  }

  // end::secret

  @Test
  void whoIsLostAndComesBackInTimeHasNotLeft() {
    // tag::grace
    Limits limits = Limits.defaults().grace(Duration.ofSeconds(30));
    RoomOptions options =
        RoomOptions.defaults()
            .history(History.of(500))
            .greeting(
                arrival -> Payload.text(arrival.secret().orElseThrow() + " " + arrival.position()));
    // end::grace
    Chat.Builder builder =
        Chat.builder(new Lobby()).limits(limits).rooms(options).doorman(GuideTest::again);
    try (TestChat chat = TestChat.of(builder)) {
      TestClient ann = chat.enter("lobby", "ann");
      TestHandshake bobs = TestHandshake.create().withPrincipal(() -> "bob");
      TestClient bob = chat.enter(bobs);
      String[] greeting = bob.heard().get(0).split(" ", 2);
      bob.vanish();
      chat.chat().participant("bob").orElseThrow().tell("psst");
      ann.say("where are you?");
      TestClient back =
          chat.enter(bobs.withQuery("secret", greeting[0]).withQuery("since", greeting[1]));
      List<String> heard = back.heard();
      assertEquals(
          List.of("bob is here", "ann: where are you?", "psst"), heard.subList(1, heard.size()));
      List<String> anns = ann.heard();
      assertEquals(
          List.of("ann is here", "bob is here", "ann: where are you?"), anns.subList(1, 4));
      assertEquals(4, anns.size());
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
    public Payload joined(Room room, Participant who) {
      return changed(room, who);
    }

    @Override
    public Payload changed(Room room, Participant who) {
      return Payload.text("here " + who.id() + " " + who.attributes().get("status"));
    }

    @Override
    public Payload left(Room room, Participant who) {
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
  void whoMaySeeWhoIsHere() {
    // tag::see
    RoomOptions talk =
        RoomOptions.defaults()
            .notices(new Here())
            .roles(
                (role, act) ->
                    act == Role.Act.SEE
                        ? role.isAtLeast(Role.MODERATOR)
                        : Role.usual().allows(role, act));
    // end::see
    try (TestChat chat = TestChat.of(Chat.builder(HANDLER).rooms(talk))) {
      TestClient ann = chat.enter("lobby", "ann");
      TestClient mia = chat.enter(Entry.of("mia", "lobby").as(Role.MODERATOR));
      chat.enter(Entry.of("bob", "lobby").with("status", "online"));
      assertEquals(List.of(), ann.heard());
      assertEquals(List.of("here bob online"), mia.heard());
    }
  }

  @Test
  void namesThatLookAlike() {
    // tag::names
    RoomOptions options =
        RoomOptions.defaults().names(Names.numbered().comparedBy(Confusables::skeleton));
    // end::names
    RoomHandler renaming =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::rename
            message.sender().rename("Ann").ifPresent(why -> message.reply(why.reason()));
            // end::rename
          }
        };
    try (TestChat chat = TestChat.of(Chat.builder(renaming).rooms(options))) {
      chat.enter(Entry.of("1", "lobby").named("Ann"));
      TestClient ann = chat.enter(Entry.of("2", "lobby").named("ANN"));
      assertEquals("ANN (2)", chat.chat().participant("2").orElseThrow().name());
      ann.say("call me Ann");
      assertEquals(List.of("somebody in room \"lobby\" is called \"Ann\""), ann.heard());
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

  // tag::told
  static final class Told implements Notices {
    @Override
    public Payload expelled(Room room, Participant who, CloseStatus why) {
      return Payload.text(who.name() + " had to go: " + why.reason());
    }

    @Override
    public Payload removed(Message message) {
      return Payload.text("forget " + message.position().orElseThrow());
    }

    @Override
    public Payload topic(Room room, String topic) {
      return Payload.text("now about " + topic);
    }
  }

  // end::told

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
                  case "/topic" -> authority.topic(words[1]);
                  case "/remove" -> authority.remove(Position.parse(words[1]).orElseThrow());
                  default -> Optional.empty();
                };
            refusal.ifPresent(why -> message.reply(why.code() + ": " + why.reason()));
            // end::moderate
          }
        };
    RoomOptions options = RoomOptions.defaults().history(History.of(10)).notices(new Told());
    try (TestChat chat = TestChat.of(Chat.builder(moderated).rooms(options))) {
      TestClient bob = chat.enter("lobby", "bob");
      // tag::roles
      TestClient mia = chat.enter(Entry.of("mia", "lobby").as(Role.MODERATOR));
      // end::roles
      bob.say("/kick mia");
      mia.say("/mute bob");
      bob.say("hello?");
      mia.say("/ban bob");
      lobby(chat).announce("oops");
      Position oops = lobby(chat).position();
      mia.say("/remove " + oops);
      mia.say("/topic tea");
      assertEquals(
          List.of("bob had to go: spam", "oops", "forget " + oops, "now about tea"), mia.heard());
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
            .participantRate(10, 30)
            .patience(5)
            .writeTimeout(Duration.ofSeconds(20));
    Chat.Builder builder = Chat.builder(new Lobby()).limits(limits);
    // end::limits
    try (TestChat chat = TestChat.of(builder)) {
      assertEquals(10_000, chat.chat().gateway().limits().connections());
    }
  }

  @Test
  void whoIsTooFastIsToldHowLongToWait() {
    RoomHandler telling =
        new RoomHandler() {
          // tag::refused
          @Override
          public void onRefused(Room room, Message message, Refusal refusal) {
            message.reply(refusal.code() + " " + refusal.retryAfter().toMillis() + " ms");
          }
          // end::refused
        };
    Limits limits = Limits.defaults().rate(2, 1).patience(1);
    try (TestChat chat = TestChat.of(Chat.builder(telling).limits(limits))) {
      TestClient ann = chat.enter("lobby", "ann");
      ann.say("one");
      ann.say("two");
      assertEquals(List.of("one", "too-fast 500 ms"), ann.heard());
      ann.say("three");
      assertEquals(1008, ann.closeStatus().orElseThrow().code());
    }
  }

  @Test
  void theGuideNamesEveryCodeOfARefusal() throws Exception {
    Set<String> codes = new HashSet<>();
    for (Field constant : Refusal.class.getFields()) {
      codes.add("`" + constant.get(null) + "`");
    }
    Set<String> told = new HashSet<>();
    Matcher row =
        Pattern.compile("(?m)^\\| (`[^|]*`) \\|.*\\| (\\d{3}|any) \\|")
            .matcher(Files.readString(GUIDE));
    while (row.find()) {
      told.addAll(List.of(row.group(1).split(", ", -1)));
    }
    assertEquals(codes, told);
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
