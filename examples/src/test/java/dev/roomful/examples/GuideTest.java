package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Amendment;
import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.ChatObserver;
import dev.roomful.ChatSnapshot;
import dev.roomful.CloseStatus;
import dev.roomful.DisplayNames;
import dev.roomful.History;
import dev.roomful.JoinInfo;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Moderation;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.RejectedException;
import dev.roomful.Revocation;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomNotices;
import dev.roomful.RoomOptions;
import dev.roomful.Sender;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.DeferredAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.micrometer.ChatMetrics;
import dev.roomful.micrometer.ObservedRoomHandler;
import dev.roomful.names.Confusables;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import dev.roomful.tokens.Tokens;
import dev.roomful.transport.Gateway;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compiles and runs the code of the guide, and checks that the guide shows the same code. */
class GuideTest {
  private static final Path GUIDE = Path.of("../docs/guide.md");

  private static final RoomHandler HANDLER = new RoomHandler() {};

  private static Room lobby(TestChat chat) {
    return chat.chat().room("lobby").orElseThrow();
  }

  // tag::handler
  static final class Lobby implements RoomHandler {
    @Override
    public void onJoin(Room room, Participant participant) {
      room.announce(participant.name() + " is here");
    }

    @Override
    public void onMessage(Room room, Message message) {
      room.publish(message.withPayload(message.sender().name() + ": " + message.text()));
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      room.announce(participant.name() + " has left");
    }
  }

  // end::handler

  @Test
  void aRoomWithAHandler() {
    try (TestChat chat = TestChat.of(new Lobby())) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.connect("lobby", "bob").send("hello");
      assertEquals(List.of("ann is here", "bob is here", "bob: hello"), ann.received());
    }
  }

  @Test
  void singleRoomsCanHaveOptionsOfTheirOwn() {
    // tag::rooms
    Chat.Builder builder =
        Chat.builder(new Lobby())
            .room("staff", RoomOptions.defaults().withCapacity(20).withPermanent())
            .rooms(RoomOptions.defaults().withCapacity(200));
    // end::rooms
    try (TestChat chat = TestChat.of(builder)) {
      assertEquals(1, chat.chat().rooms().size());
    }
  }

  @Test
  void aRoomThatIsNotDeclaredCannotBeCreated() {
    // tag::declared
    Chat.Builder builder =
        Chat.builder(new Lobby())
            .onlyDeclaredRooms()
            .room("lobby", RoomOptions.defaults().withPermanent())
            .room("staff", RoomOptions.defaults());
    // end::declared
    try (TestChat chat = TestChat.of(builder)) {
      assertTrue(chat.connect("staff", "ann").isOpen());
      Rejection rejection =
          (Rejection) chat.admit(TestHandshake.create().withPath("room", "attic"));
      assertEquals(Rejection.UNKNOWN_ROOM, rejection.code());
    }
  }

  // tag::private
  /** Direct rooms, such as "direct:ann:bob", and private rooms, such as "private:ann:plans". */
  static final class RoomsForFew implements RoomHandler {
    private final Map<String, Set<String>> invited = new ConcurrentHashMap<>(); // in your database

    Admission authenticate(Handshake handshake) {
      String user = handshake.principal().map(Principal::getName).orElseThrow();
      String room = handshake.path("room").orElse("lobby");
      boolean isPublic = !room.startsWith("direct:") && !room.startsWith("private:");
      boolean isOfDirect = room.startsWith("direct:") && (room + ":").contains(":" + user + ":");
      boolean isOwner = room.startsWith("private:" + user + ":");
      boolean isInvited = invited.getOrDefault(room, Set.of()).contains(user);
      return isPublic || isOfDirect || isOwner || isInvited
          ? AcceptedAdmission.of(user, room).withRole(isOwner ? Role.OWNER : Role.MEMBER)
          : Rejection.of(403, "by invitation only");
    }

    @Override
    public void onMessage(Room room, Message message) {
      if (!message.text().startsWith("/invite ")) {
        room.publish(message);
      } else if (room.role(message.sender().id()).equals(Optional.of(Role.OWNER))) {
        String invitee = message.text().substring("/invite ".length());
        invited.computeIfAbsent(room.name(), name -> ConcurrentHashMap.newKeySet()).add(invitee);
        room.publish(message.withHeader("invited", invitee));
        room.chat().participant(invitee).ifPresent(one -> one.join(room.name()));
      }
    }
  }

  // end::private

  @Test
  void directAndPrivateRoomsAreForThoseWhoAreNamedOrInvited() {
    RoomsForFew rooms = new RoomsForFew();
    TestHandshake ann = TestHandshake.create().withPrincipal(() -> "ann");
    TestHandshake bob = TestHandshake.create().withPrincipal(() -> "bob");
    Rejection closed = Rejection.of(403, "by invitation only");
    try (TestChat chat = TestChat.of(Chat.builder(rooms).authenticator(rooms::authenticate))) {
      assertTrue(chat.connect(ann.withPath("room", "direct:ann:cem")).isOpen());
      assertEquals(closed, chat.admit(bob.withPath("room", "direct:ann:cem")));

      TestClient owner = chat.connect(ann.withPath("room", "private:ann:plans"));
      assertEquals(closed, chat.admit(bob.withPath("room", "private:ann:plans")));
      TestClient invitee = chat.connect(bob);
      owner.send("/invite bob");
      owner.send("hello");
      assertEquals(List.of("hello"), invitee.received());
      invitee.send("/invite cem");
      TestHandshake cem = TestHandshake.create().withPrincipal(() -> "cem");
      assertEquals(closed, chat.admit(cem.withPath("room", "private:ann:plans")));
      assertTrue(chat.connect(bob.withPath("room", "private:ann:plans")).isOpen());
    }
  }

  // tag::deferred
  static Admission bySecret(Handshake handshake, Map<String, String> idsBySecret) {
    String room = handshake.path("room").orElse("lobby");
    return DeferredAdmission.of(
        secret ->
            idsBySecret.containsKey(secret)
                ? AcceptedAdmission.of(idsBySecret.get(secret), room)
                : Rejection.of(401, "not invited"));
  }

  // end::deferred

  @Test
  void aSecretInTheFirstMessageIdentifiesAClient() {
    try (TestChat chat =
        TestChat.of(
            Chat.builder(HANDLER)
                .authenticator(handshake -> bySecret(handshake, Map.of("open sesame", "ann"))))) {
      TestClient ann = chat.connect(TestHandshake.create());
      ann.send("open sesame");
      assertTrue(chat.chat().participant("ann").isPresent());
      TestClient stranger = chat.connect(TestHandshake.create());
      stranger.send("open poppy");
      assertEquals(4011, stranger.closeStatus().orElseThrow().code());
    }
  }

  // tag::authenticate
  static Admission authenticate(Handshake handshake) {
    Optional<String> user =
        handshake
            .principal() // of the server's own login, such as Spring Security's
            .map(Principal::getName)
            .or(() -> handshake.sessionAttribute("user").map(Object::toString)); // of your own
    return user.isEmpty()
        ? Rejection.of(401, "log in first")
        : AcceptedAdmission.of(user.get(), handshake.path("room").orElse("lobby"));
  }

  // end::authenticate

  @Test
  void theSessionOrThePrincipalIdentifiesAClient() {
    try (TestChat chat =
        TestChat.of(Chat.builder(HANDLER).authenticator(GuideTest::authenticate))) {
      assertEquals(Rejection.of(401, "log in first"), chat.admit(TestHandshake.create()));
      chat.connect(TestHandshake.create().withPrincipal(() -> "ann"));
      chat.connect(TestHandshake.create().withSessionAttribute("user", "bob"));
      assertTrue(chat.chat().participant("ann").isPresent());
      assertTrue(chat.chat().participant("bob").isPresent());
    }
  }

  @Test
  void aTokenOfALoginServiceIdentifiesAClient() {
    URI address = URI.create("http://localhost:1/keys"); // nobody is there
    // tag::tokens
    Tokens tokens = Tokens.jwks(address).withIssuer("https://login.example").withAudience("chat");
    Chat.Builder builder =
        Chat.builder(new Renewing(tokens))
            .authenticator(
                handshake ->
                    tokens.authenticate(
                        handshake, token -> AcceptedAdmission.of(token.subject(), "lobby")));
    // end::tokens
    try (TestChat chat = TestChat.of(builder)) {
      Rejection rejection = assertInstanceOf(Rejection.class, chat.admit(TestHandshake.create()));
      assertEquals(Tokens.MISSING, rejection.code());
    }
  }

  // tag::renew
  record Renewing(Tokens tokens) implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      if (message.text().startsWith("/token ")) {
        tokens
            .renew(message, message.text().substring("/token ".length()))
            .ifRejected(rejection -> message.reply("/token " + rejection.code()));
      } else {
        room.publish(message);
      }
    }
  }

  // end::renew

  @Test
  void accessIsRevoked() {
    try (TestChat test = TestChat.of(HANDLER)) {
      TestClient ann = test.connect("lobby", "ann");
      Chat chat = test.chat();
      // tag::revoke
      chat.revoke(Revocation.ofToken("the token's jti")); // one token
      chat.revoke(Revocation.ofParticipant("ann")); // all that she was given until now
      chat.revoke(Revocation.ofAll().withIssuedBefore(Instant.now())); // a key was stolen
      // end::revoke
      assertEquals(Optional.of(CloseStatus.REVOKED), ann.closeStatus());
    }
  }

  @Test
  void aChatThatClosesIsDrained() {
    // tag::drain
    Limits limits =
        Limits.defaults()
            .withDrainTime(Duration.ofSeconds(15))
            .withReconnectDelay(Duration.ofSeconds(1));
    // end::drain
    try (TestChat test = TestChat.of(Chat.builder(HANDLER).limits(limits))) {
      TestClient ann = test.connect("lobby", "ann");
      test.chat().close();
      assertEquals(1012, ann.closeStatus().orElseThrow().code());
    }
  }

  @Test
  void broadcastPoliciesSelectTheRecipients() {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::whisper
            if (message.text().startsWith("@ann ")) {
              room.publish(message, BroadcastPolicy.onlyIds(Set.of("ann")));
            } else {
              room.publish(message, BroadcastPolicy.excludingSender());
            }
            // end::whisper
          }
        };
    try (TestChat chat = TestChat.of(handler)) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      TestClient cem = chat.connect("lobby", "cem");
      cem.send("@ann psst");
      cem.send("hello");
      assertEquals(List.of("@ann psst", "hello"), ann.received());
      assertEquals(List.of("hello"), bob.received());
    }
  }

  @Test
  void aRoomWithHistory() {
    // tag::history
    RoomOptions options =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(500).withBytes(256 * 1024).withAge(Duration.ofHours(12)));
    // end::history
    try (TestChat chat = TestChat.of(Chat.builder(HANDLER).room("lobby", options))) {
      lobby(chat).announce("one");
      lobby(chat).announce("two");
      Room room = lobby(chat);
      // tag::paging
      List<Message> newest = room.history(HistoryRange.last(50)).orElseThrow();
      Position first = newest.get(0).position().orElseThrow();
      List<Message> older = room.history(HistoryRange.before(first, 50)).orElseThrow();
      // end::paging
      assertEquals(2, newest.size());
      assertEquals(List.of(), older);
    }
  }

  private interface MessageTable {
    void insert(String room, Position position, Message message);
  }

  @Test
  void olderMessages() {
    List<String> rows = new ArrayList<>();
    MessageTable table =
        (room, position, message) ->
            rows.add(room + " " + position.offset() + " " + message.text());
    RoomHandler archiving =
        new RoomHandler() {
          // tag::archive
          @Override
          public void onMessage(Room room, Message message) {
            room.publish(message)
                .thenAccept(position -> table.insert(room.name(), position, message));
          }
          // end::archive
        };
    try (TestChat chat = TestChat.of(archiving)) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("one");
      lobby(chat).mute("ann", Duration.ofMinutes(1), "too loud");
      ann.send("two");
      assertEquals(List.of("lobby 1 one"), rows);
    }
  }

  // tag::resume
  static Admission replayMissed(Handshake handshake) {
    HistoryRange missed =
        handshake
            .query("since")
            .flatMap(Position::parse)
            .map(HistoryRange::since)
            .orElse(HistoryRange.last(20));
    return AcceptedAdmission.of(handshake.query("id").orElse("anonymous"), "lobby")
        .withReplay(missed);
  }

  static Payload welcome(JoinInfo joinInfo) {
    return Payload.text("recovered=" + joinInfo.recovered() + " position=" + joinInfo.position());
  }

  // end::resume

  @Test
  void aReturningClientReceivesWhatItMissed() {
    RoomOptions options =
        RoomOptions.defaults()
            .withPermanent()
            .withHistory(History.of(10))
            .withWelcome(GuideTest::welcome);
    try (TestChat chat =
        TestChat.of(
            Chat.builder(HANDLER).authenticator(GuideTest::replayMissed).room("lobby", options))) {
      lobby(chat).announce("one");
      Position seen = lobby(chat).position();
      lobby(chat).announce("two");
      TestClient ann = chat.connect(TestHandshake.create().withQuery("since", seen.toString()));
      assertEquals(
          List.of("recovered=true position=" + lobby(chat).position(), "two"), ann.received());
    }
  }

  // tag::secret
  static Admission resume(Handshake handshake) {
    String user = handshake.principal().map(Principal::getName).orElse("anonymous");
    Optional<Position> since = handshake.query("since").flatMap(Position::parse);
    AcceptedAdmission admission =
        AcceptedAdmission.of(user, "lobby")
            .withReplay(since.map(HistoryRange::since).orElse(HistoryRange.none()));
    return handshake.query("secret").map(admission::withResumeSecret).orElse(admission);
  }

  // end::secret

  @Test
  void aPageThatIsReloadedHasNotLeft() {
    // tag::leaveDelay
    RoomOptions options = RoomOptions.defaults().withLeaveDelay(Duration.ofSeconds(5));
    // end::leaveDelay
    try (TestChat chat = TestChat.of(Chat.builder(new Lobby()).rooms(options))) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      ann.received();
      bob.abort();
      TestClient back = chat.connect("lobby", "bob");
      chat.advance(Duration.ofMinutes(1));
      assertEquals(List.of(), ann.received());
      back.abort();
      chat.advance(Duration.ofSeconds(6));
      assertEquals(List.of("bob has left"), ann.received());
    }
  }

  @Test
  void aClientThatResumesInTimeHasNotLeft() {
    // tag::resumeWindow
    Limits limits = Limits.defaults().withResumeWindow(Duration.ofSeconds(30));
    RoomOptions options =
        RoomOptions.defaults()
            .withHistory(History.of(500))
            .withWelcome(
                joinInfo ->
                    Payload.text(
                        joinInfo.resumeSecret().orElseThrow() + " " + joinInfo.position()));
    // end::resumeWindow
    Chat.Builder builder =
        Chat.builder(new Lobby()).limits(limits).rooms(options).authenticator(GuideTest::resume);
    try (TestChat chat = TestChat.of(builder)) {
      TestClient ann = chat.connect("lobby", "ann");
      TestHandshake handshake = TestHandshake.create().withPrincipal(() -> "bob");
      TestClient bob = chat.connect(handshake);
      String[] welcome = bob.received().get(0).split(" ", 2);
      bob.abort();
      chat.chat().participant("bob").orElseThrow().send("psst");
      ann.send("where are you?");
      TestClient resumed =
          chat.connect(handshake.withQuery("secret", welcome[0]).withQuery("since", welcome[1]));
      List<String> received = resumed.received();
      assertEquals(
          List.of("bob is here", "ann: where are you?", "psst"),
          received.subList(1, received.size()));
      List<String> receivedByAnn = ann.received();
      assertEquals(
          List.of("ann is here", "bob is here", "ann: where are you?"),
          receivedByAnn.subList(1, 4));
      assertEquals(4, receivedByAnn.size());
    }
  }

  @Test
  void aMessageThatIsSentAgainIsDeliveredOnce() {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::once
            String[] parts = message.text().split(" ", 2); // the client's key, then the text
            room.publish(message.withPayload(parts[1]).withIdempotencyKey(parts[0]))
                .thenAccept(position -> message.reply("ack " + parts[0] + " " + position.offset()));
            // end::once
          }
        };
    try (TestChat chat = TestChat.of(handler)) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("k1 hello");
      ann.send("k1 hello");
      assertEquals(List.of("hello", "ack k1 1", "ack k1 1"), ann.received());
    }
  }

  // tag::presence
  static final class PresenceNotices implements RoomNotices {
    @Override
    public Payload participantJoined(Room room, Participant participant) {
      return participantUpdated(room, participant);
    }

    @Override
    public Payload participantUpdated(Room room, Participant participant) {
      return Payload.text(
          "here " + participant.id() + " " + participant.attributes().get("status"));
    }

    @Override
    public Payload participantLeft(Room room, Participant participant) {
      return Payload.text("left " + participant.id());
    }
  }

  // end::presence

  @Test
  void presenceNotices() {
    RoomOptions options = RoomOptions.defaults().withNotices(new PresenceNotices());
    try (TestChat chat = TestChat.of(Chat.builder(HANDLER).rooms(options))) {
      TestClient ann = chat.connect("lobby", "ann");
      chat.connect(AcceptedAdmission.of("bob", "lobby").withAttribute("status", "online"));
      Participant bob = chat.chat().participant("bob").orElseThrow();
      // tag::update
      bob.update("status", "away");
      // end::update
      assertEquals(List.of("here bob online", "here bob away"), ann.received());
    }
  }

  @Test
  void presenceNoticesForModeratorsOnly() {
    // tag::see
    RoomOptions options =
        RoomOptions.defaults()
            .withNotices(new PresenceNotices())
            .withRoles(
                (role, action) ->
                    action == Role.Action.SEE_PARTICIPANTS
                        ? role.isAtLeast(Role.MODERATOR)
                        : Role.defaultRule().allows(role, action));
    // end::see
    try (TestChat chat = TestChat.of(Chat.builder(HANDLER).rooms(options))) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient mia = chat.connect(AcceptedAdmission.of("mia", "lobby").withRole(Role.MODERATOR));
      chat.connect(AcceptedAdmission.of("bob", "lobby").withAttribute("status", "online"));
      assertEquals(List.of(), ann.received());
      assertEquals(List.of("here bob online"), mia.received());
    }
  }

  @Test
  void namesThatLookAlike() {
    // tag::names
    RoomOptions options =
        RoomOptions.defaults()
            .withDisplayNames(DisplayNames.numbered().withComparison(Confusables::skeleton));
    // end::names
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::rename
            message
                .participant()
                .rename("Ann")
                .ifRejected(rejection -> message.reply(rejection.reason()));
            // end::rename
          }
        };
    try (TestChat chat = TestChat.of(Chat.builder(handler).rooms(options))) {
      chat.connect(AcceptedAdmission.of("1", "lobby").withName("Ann"));
      TestClient ann = chat.connect(AcceptedAdmission.of("2", "lobby").withName("ANN"));
      assertEquals("ANN (2)", chat.chat().participant("2").orElseThrow().name());
      ann.send("call me Ann");
      assertEquals(
          List.of("another participant in room \"lobby\" uses the display name \"Ann\""),
          ann.received());
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
              room.signal(message.withPayload(message.sender().name() + " is typing"));
            } else {
              room.publish(message);
            }
            // end::signal
          }
        };
    try (TestChat chat = TestChat.of(typing)) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("/typing");
      assertEquals(List.of("ann is typing"), ann.received());
    }
  }

  @Test
  void amendments() {
    RoomHandler amending =
        new RoomHandler() {
          // tag::amend
          @Override
          public void onMessage(Room room, Message message) {
            String[] words = message.text().split(" ", 3); // such as "/edit 5x8f:12 hello"
            switch (words[0]) {
              case "/edit" ->
                  room.publish(
                      message.withPayload(words[2]).withAmendment(Amendment.edit(target(words))));
              case "/delete" ->
                  room.publish(message.withAmendment(Amendment.delete(target(words))));
              case "/react" ->
                  room.publish(message.withAmendment(Amendment.react(target(words), words[2])));
              default -> room.publish(message);
            }
          }

          private static Position target(String[] words) {
            return Position.parse(words[1]).orElseThrow();
          }
          // end::amend
        };
    RoomOptions options = RoomOptions.defaults().withHistory(History.of(10));
    try (TestChat chat = TestChat.of(Chat.builder(amending).rooms(options))) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("helo");
      ann.send("bye");
      Room room = lobby(chat);
      String epoch = room.position().epoch();
      ann.send("/edit " + epoch + ":1 hello");
      ann.send("/react " + epoch + ":1 +1");
      ann.send("/delete " + epoch + ":2");
      // tag::folded
      List<Message> messages = room.history(HistoryRange.last(50).folded()).orElseThrow();
      Message first = messages.get(0); // as it is now
      boolean edited = first.isEdited();
      Map<String, Set<String>> reactions = first.reactions(); // who has reacted, by reaction
      // end::folded
      assertEquals(1, messages.size());
      assertEquals("hello", first.text());
      assertTrue(edited);
      assertEquals(Map.of("+1", Set.of("ann")), reactions);
      // tag::bot
      Sender bot = Sender.of("weather", "Weather bot");
      room.publish(room.messageFrom(bot, Payload.text("Sunny until the evening.")));
      // end::bot
      assertEquals(6, room.position().offset());
    }
  }

  // tag::readMarks
  static final class ReadMarkNotices implements RoomNotices {
    @Override
    public Payload readMarked(Room room, String id, Position position) {
      return Payload.text("/read " + id + " " + position);
    }
  }

  // end::readMarks

  @Test
  void readMarksAndMentions() {
    List<String> pushes = new ArrayList<>();
    RoomHandler handler =
        new RoomHandler() {
          // tag::mentions
          @Override
          public void onMessage(Room room, Message message) {
            if (message.text().startsWith("/read ")) {
              String position = message.text().substring("/read ".length());
              room.markRead(message.sender().id(), Position.parse(position).orElseThrow());
            } else {
              List<String> mentioned =
                  Pattern.compile("@(\\w+)")
                      .matcher(message.text())
                      .results()
                      .map(found -> found.group(1))
                      .toList();
              room.publish(mentioned.isEmpty() ? message : message.withMentions(mentioned));
            }
          }

          @Override
          public void onAbsent(Room room, Message message, Set<String> ids) {
            pushes.add(message.sender().name() + " mentions " + ids + " in " + room.name());
          }
          // end::mentions
        };
    RoomOptions options =
        RoomOptions.defaults().withHistory(History.of(10)).withNotices(new ReadMarkNotices());
    try (TestChat chat = TestChat.of(Chat.builder(handler).rooms(options))) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient bob = chat.connect("lobby", "bob");
      bob.send("hello @ann and @dan");
      Room room = lobby(chat);
      assertEquals(List.of("bob mentions [dan] in lobby"), pushes);
      // tag::unread
      int unread = room.unreadCount("ann");
      // end::unread
      assertEquals(1, unread);
      ann.send("/read " + room.position());
      assertEquals(List.of("hello @ann and @dan", "/read ann " + room.position()), ann.received());
      assertEquals(0, room.unreadCount("ann"));
    }
  }

  // tag::moderationNotices
  static final class ModerationNotices implements RoomNotices {
    @Override
    public Payload participantRemoved(Room room, Participant participant, CloseStatus status) {
      return Payload.text(participant.name() + " was removed: " + status.reason());
    }

    @Override
    public Payload messageDeleted(Message message) {
      return Payload.text("deleted " + message.position().orElseThrow());
    }

    @Override
    public Payload topicChanged(Room room, String topic) {
      return Payload.text("topic: " + topic);
    }
  }

  // end::moderationNotices

  @Test
  void moderation() {
    RoomHandler moderated =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            // tag::moderate
            String[] parts = message.text().split(" ", 2);
            Moderation moderation = room.moderation(message.participant());
            Outcome outcome =
                switch (parts[0]) {
                  case "/kick" -> moderation.kick(parts[1], "enough");
                  case "/mute" -> moderation.mute(parts[1], Duration.ofMinutes(5), "cool down");
                  case "/ban" -> moderation.ban(parts[1], Duration.ofDays(1), "spam");
                  case "/topic" -> moderation.setTopic(parts[1]);
                  case "/remove" ->
                      moderation.deleteMessage(Position.parse(parts[1]).orElseThrow());
                  default -> Outcome.done();
                };
            outcome.ifRejected(
                rejected -> message.reply(rejected.code() + ": " + rejected.reason()));
            // end::moderate
          }
        };
    RoomOptions options =
        RoomOptions.defaults().withHistory(History.of(10)).withNotices(new ModerationNotices());
    try (TestChat chat = TestChat.of(Chat.builder(moderated).rooms(options))) {
      TestClient bob = chat.connect("lobby", "bob");
      // tag::roles
      TestClient mia = chat.connect(AcceptedAdmission.of("mia", "lobby").withRole(Role.MODERATOR));
      // end::roles
      bob.send("/kick mia");
      mia.send("/mute bob");
      bob.send("hello?");
      mia.send("/ban bob");
      lobby(chat).announce("oops");
      Position oops = lobby(chat).position();
      mia.send("/remove " + oops);
      mia.send("/topic tea");
      assertEquals(
          List.of("bob was removed: spam", "oops", "deleted " + oops, "topic: tea"),
          mia.received());
      assertEquals(List.of("not-allowed: role member may not kick", "cool down"), bob.received());
      assertEquals(Optional.of(CloseStatus.BANNED.withReason("spam")), bob.closeStatus());
    }
  }

  @Test
  void limits() {
    // tag::limits
    Limits limits =
        Limits.defaults()
            .withConnections(10_000)
            .withMessageBytes(16 * 1024)
            .withMessagesPerSecond(5)
            .withMessageBurst(20)
            .withParticipantMessagesPerSecond(10)
            .withParticipantMessageBurst(30)
            .withRateViolations(5)
            .withWriteTimeout(Duration.ofSeconds(20));
    Chat.Builder builder = Chat.builder(new Lobby()).limits(limits);
    // end::limits
    try (TestChat chat = TestChat.of(builder)) {
      assertEquals(10_000, Gateway.of(chat.chat()).limits().connections());
    }
  }

  @Test
  void aClientAboveTheRateLearnsHowLongToWait() {
    RoomHandler handler =
        new RoomHandler() {
          // tag::rejected
          @Override
          public void onRejected(Room room, Message message, Rejection rejection) {
            message.reply(rejection.code() + " " + rejection.retryAfter().toMillis() + " ms");
          }
          // end::rejected
        };
    Limits limits =
        Limits.defaults().withMessagesPerSecond(2).withMessageBurst(1).withRateViolations(1);
    try (TestChat chat = TestChat.of(Chat.builder(handler).limits(limits))) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("one");
      ann.send("two");
      assertEquals(List.of("one", "too-fast 500 ms"), ann.received());
      ann.send("three");
      assertEquals(1008, ann.closeStatus().orElseThrow().code());
    }
  }

  @Test
  void aConnectionIsClosedWhenItsMessageFailsIfTheApplicationChoosesSo() {
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            throw new IllegalStateException("the test makes this callback fail");
          }
        };
    // tag::failure
    Chat.Builder builder = Chat.builder(handler).onMessageFailure(Chat.OnFailure.CLOSE_CONNECTION);
    // end::failure
    try (TestChat chat = TestChat.of(builder)) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("hello");
      assertEquals(Optional.of(CloseStatus.FAILED), ann.closeStatus());
      assertEquals(1, chat.chat().failedCallbacks());
    }
  }

  @Test
  void publishingFromOutside() {
    List<String> log = new ArrayList<>();
    try (TestChat test = TestChat.of(HANDLER)) {
      Chat chat = test.chat();
      TestClient ann = test.connect("orders", "ann");
      // tag::publish
      chat.publish("orders", "order 17 has shipped")
          .whenComplete(
              (position, failure) -> log.add(failure == null ? "published" : failure.getMessage()));
      // end::publish
      assertEquals(List.of("order 17 has shipped"), ann.received());
      assertEquals(List.of("published"), log);
      CompletionException failure =
          assertThrows(
              CompletionException.class,
              () -> chat.publish("attic", "hello?").toCompletableFuture().join());
      RejectedException rejected = assertInstanceOf(RejectedException.class, failure.getCause());
      assertEquals(Rejection.ROOM_EMPTY, rejected.rejection().code());
    }
  }

  @Test
  void metricsTracesAndSnapshots() {
    MeterRegistry registry = new SimpleMeterRegistry();
    TestObservationRegistry observations = TestObservationRegistry.create();
    Lobby handler = new Lobby();
    // tag::metrics
    Chat.Builder builder =
        Chat.builder(ObservedRoomHandler.of(handler, observations)) // traces, if you want them
            .observer(ChatMetrics.of(registry));
    // end::metrics
    try (TestChat test = TestChat.of(builder)) {
      Chat chat = test.chat();
      TestClient ann = test.connect("lobby", "ann");
      ann.send("hello");
      List<String> page = new ArrayList<>();
      // tag::snapshot
      ChatSnapshot snapshot = chat.snapshot(100);
      for (ChatSnapshot.RoomEntry room : snapshot.rooms()) {
        page.add(room.name() + ": " + room.participants() + " participants");
      }
      // end::snapshot
      assertEquals(List.of("lobby: 1 participants"), page);
      assertEquals(2, chat.stats().messagesPublished());
    }
    assertEquals(2, registry.get("roomful.fanout").timer().count());
    TestObservationRegistryAssert.assertThat(observations)
        .hasObservationWithNameEqualTo("roomful.handler");
  }

  // tag::observer
  static final class SlowCallbacks implements ChatObserver {
    final LongAdder count = new LongAdder();

    @Override
    public void handlerReturned(String callback, long nanos, boolean failed) {
      if (nanos > Duration.ofMillis(100).toNanos()) {
        count.increment();
      }
    }
  }

  // end::observer

  @Test
  void anObserverOfTheApplication() {
    SlowCallbacks slow = new SlowCallbacks();
    TestChat[] test = new TestChat[1];
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            test[0].advance(Duration.ofMillis(Long.parseLong(message.text())));
          }
        };
    try (TestChat chat = TestChat.of(Chat.builder(handler).observer(slow))) {
      test[0] = chat;
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("100");
      ann.send("101");
      assertEquals(1, slow.count.sum());
    }
  }

  @Test
  void theGuideListsEveryRejectionCode() throws Exception {
    Set<String> codes = new HashSet<>();
    for (Field constant : Rejection.class.getFields()) {
      codes.add("`" + constant.get(null) + "`");
    }
    Set<String> documented = new HashSet<>();
    Matcher row =
        Pattern.compile("(?m)^\\| (`[^|]*`) \\|.*\\| (\\d{3}|any) \\|")
            .matcher(Files.readString(GUIDE));
    while (row.find()) {
      documented.addAll(List.of(row.group(1).split(", ", -1)));
    }
    assertEquals(codes, documented);
  }

  @Test
  void aClientThatStopsReading() {
    // tag::testing
    try (TestChat chat = TestChat.of(new Lobby())) {
      TestClient ann = chat.connect("lobby", "ann");
      TestClient phone = chat.connect("lobby", "phone");
      phone.stopReading();
      ann.received();
      ann.send("hello");
      chat.advance(Duration.ofSeconds(11));
      assertEquals(List.of("ann: hello", "phone has left"), ann.received());
    }
    // end::testing
  }

  @Test
  void theGuideShowsTheTestedCode() throws IOException {
    Map<String, String> shown = new HashMap<>();
    Matcher block = Snippets.BLOCK.matcher(Files.readString(GUIDE));
    while (block.find()) {
      String marker = String.valueOf(block.group(1));
      String code = Snippets.code(block.group(2));
      if (marker.startsWith("source: ")) {
        Snippets.assertIsPartOf(Path.of("..", marker.substring("source: ".length())), code);
      } else {
        shown.put(marker, code);
      }
    }
    assertEquals(Snippets.of(GuideTest.class), shown);
  }
}
