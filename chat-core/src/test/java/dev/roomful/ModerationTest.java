package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Roles, kicks, bans, mutes, deleted messages and topics. */
class ModerationTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final CallbackRecorder recorder = new CallbackRecorder();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(recorder)
              .authenticator(handshake -> AcceptedAdmission.of("bob", "lobby"))
              .room("lobby", RoomOptions.defaults().withPermanent().withHistory(History.of(10))));

  @AfterEach
  void close() {
    chat.close();
  }

  private Room lobby() {
    return chat.chat().room("lobby").orElseThrow();
  }

  private TestClient connect(String id, Role role) {
    return chat.connect(AcceptedAdmission.of(id, "lobby").withRole(role));
  }

  private Moderation moderationAs(String id) {
    return lobby().moderation(chat.chat().participant(id).orElseThrow());
  }

  private static String code(Optional<Rejection> rejection) {
    return rejection.map(Rejection::code).orElse("done");
  }

  @Test
  void aVisitorReceivesMessagesAndIsRejectedWhenItPublishes() {
    TestClient ann = connect("ann", Role.MEMBER);
    TestClient vic = connect("vic", Role.VISITOR);
    vic.send("may I?");
    ann.send("hello");
    assertEquals(List.of("hello"), ann.received());
    assertEquals(List.of("role visitor may not publish", "hello"), vic.received());
    assertTrue(lobby().setRole("vic", Role.MEMBER).isDone());
    vic.send("thanks");
    assertEquals(List.of("thanks"), ann.received());
  }

  @Test
  void aMutedParticipantCannotPublishUntilTheMuteExpiresOrIsLifted() {
    TestClient ann = connect("ann", Role.MEMBER);
    TestClient bob = connect("bob", Role.MEMBER);
    lobby().mute("bob", HOUR, "calm down");
    bob.send("one");
    bob.abort();
    TestClient again = connect("bob", Role.MEMBER);
    again.send("two");
    assertEquals(
        List.of("calm down"),
        again.received(),
        "a mute applies to the participant and not to one connection");
    chat.advance(HOUR);
    again.send("three");
    lobby().mute("bob", HOUR, "calm down");
    assertTrue(lobby().unmute("bob").isDone());
    assertFalse(lobby().unmute("bob").isDone());
    again.send("four");
    assertEquals(List.of("three", "four"), ann.received());
  }

  @Test
  void theHandlerReceivesRejectedMessagesWithTheRejection() {
    List<String> rejected = new ArrayList<>();
    RoomHandler notifyingHandler =
        new RoomHandler() {
          @Override
          public void onRejected(Room room, Message message, Rejection rejection) {
            rejected.add(message.text() + " " + rejection.code());
          }
        };
    try (TestChat other = TestChat.of(notifyingHandler)) {
      TestClient bob = other.connect("lobby", "bob");
      other.chat().room("lobby").orElseThrow().mute("bob", HOUR, "no");
      bob.send("hello");
      assertEquals(List.of("hello muted"), rejected);
      assertEquals(List.of(), bob.received());
    }
  }

  @Test
  void aBannedParticipantIsRemovedWithTheReasonAndCannotRejoin() {
    connect("ann", Role.MEMBER);
    TestClient bob = connect("bob", Role.MEMBER);
    TestClient tab = connect("bob", Role.MEMBER);
    assertTrue(lobby().ban("bob", HOUR, "spam").isDone());
    assertEquals(Optional.of(CloseStatus.BANNED.withReason("spam")), bob.closeStatus());
    assertEquals(Optional.of(CloseStatus.BANNED.withReason("spam")), tab.closeStatus());
    assertTrue(recorder.entries().contains("bob left lobby 4005"));
    assertEquals(new Rejection(403, "banned", "spam", HOUR), chat.admit(TestHandshake.create()));
    assertEquals(
        Optional.of(CloseStatus.BANNED.withReason("spam")),
        connect("bob", Role.MEMBER).closeStatus());
    chat.connect("hall", "bob");
    Participant elsewhere = chat.chat().participant("bob").orElseThrow();
    assertEquals("banned", code(elsewhere.join("lobby").rejection()));
    chat.advance(HOUR);
    assertEquals("done", code(elsewhere.join("lobby").rejection()));
  }

  @Test
  void aBanOutlivesTheRemovalOfItsRoomAndCanBeLifted() {
    chat.connect("attic", "bob");
    Room attic = chat.chat().room("attic").orElseThrow();
    assertTrue(attic.ban("bob", HOUR, "spam").isDone());
    assertEquals(Optional.empty(), chat.chat().room("attic"));
    assertTrue(chat.connect("attic", "bob").closeStatus().isPresent());
    assertEquals(Optional.empty(), chat.chat().room("attic"), "a rejection leaves no trace");
    assertTrue(attic.unban("bob").isDone());
    assertEquals(Optional.empty(), chat.connect("attic", "bob").closeStatus());
  }

  @Test
  void theBansAndMutesInForceAreListedWithTheirReasonsAndTheTimeLeft() {
    connect("bob", Role.MEMBER);
    lobby().ban("eve", HOUR, "spam");
    lobby().ban("dan", Duration.ofMinutes(1), "caps");
    lobby().mute("bob", HOUR, "calm down");
    chat.advance(Duration.ofMinutes(30));
    Duration left = Duration.ofMinutes(30);
    assertEquals(Map.of("eve", new Rejection(403, "banned", "spam", left)), lobby().bans());
    assertEquals(Map.of("bob", new Rejection(403, "muted", "calm down", left)), lobby().mutes());
    lobby().unban("eve");
    chat.advance(left);
    assertEquals(Map.of(), lobby().bans());
    assertEquals(Map.of(), lobby().mutes());
  }

  @Test
  void aListOfBansIsACopyInTheOrderOfTheIds() {
    lobby().ban("eve", HOUR, "");
    lobby().ban("bob", HOUR, "");
    Map<String, Rejection> bans = lobby().bans();
    lobby().unban("bob");
    assertEquals(List.of("bob", "eve"), List.copyOf(bans.keySet()));
    assertThrows(UnsupportedOperationException.class, bans::clear);
  }

  @Test
  void moderationOfOneselfOrOfAnEqualOrHigherRoleIsRejected() {
    connect("ann", Role.OWNER);
    connect("mia", Role.MODERATOR);
    connect("mo", Role.MODERATOR);
    TestClient bob = connect("bob", Role.MEMBER);
    assertEquals("outranked", code(moderationAs("mia").kick("ann", "").rejection()));
    assertEquals("outranked", code(moderationAs("mia").ban("mo", HOUR, "").rejection()));
    assertEquals("self-target", code(moderationAs("mia").mute("mia", HOUR, "").rejection()));
    assertEquals("not-allowed", code(moderationAs("bob").kick("mia", "").rejection()));
    assertEquals("not-found", code(moderationAs("mia").kick("cem", "").rejection()));
    Participant left = chat.chat().participant("mo").orElseThrow();
    left.leave("lobby");
    assertEquals("not-a-member", code(lobby().moderation(left).kick("bob", "").rejection()));
    assertEquals(4, 1 + lobby().size());
    assertEquals("done", code(moderationAs("mia").kick("bob", "enough").rejection()));
    assertEquals(Optional.of(CloseStatus.KICKED.withReason("enough")), bob.closeStatus());
    assertEquals("done", code(moderationAs("ann").mute("mia", HOUR, "hush").rejection()));
    assertEquals("done", code(moderationAs("ann").unmute("mia").rejection()));
    assertEquals("not-found", code(moderationAs("ann").unmute("mia").rejection()));
    assertEquals("done", code(moderationAs("mia").ban("troll", HOUR, "known").rejection()));
    assertEquals("done", code(moderationAs("mia").unban("troll").rejection()));
    assertEquals("not-found", code(moderationAs("mia").unban("troll").rejection()));
  }

  @Test
  void aRejectionReasonContainsNoParticipantId() {
    connect("id-1", Role.OWNER);
    connect("mia", Role.MODERATOR);
    connect("id-2", Role.MEMBER);
    assertEquals(
        "role moderator may not kick a participant with role owner",
        moderationAs("mia").kick("id-1", "").rejection().orElseThrow().reason());
    assertEquals(
        "participant \"id-2\" is not muted in room \"lobby\"",
        moderationAs("mia").unmute("id-2").rejection().orElseThrow().reason());
    assertEquals(
        "participant \"id-2\" is not banned from room \"lobby\"",
        moderationAs("mia").unban("id-2").rejection().orElseThrow().reason());
    assertEquals(
        "participant \"id-3\" is not in room \"lobby\"",
        moderationAs("mia").kick("id-3", "").rejection().orElseThrow().reason());
  }

  @Test
  void theApplicationMayReplaceTheRoleRule() {
    RoomOptions flat =
        RoomOptions.defaults().withRoles((role, action) -> action != Role.Action.BAN);
    try (TestChat other = TestChat.of(Chat.builder(recorder).rooms(flat))) {
      other.connect(AcceptedAdmission.of("ann", "lobby"));
      other.connect(AcceptedAdmission.of("vic", "lobby").withRole(Role.VISITOR));
      Room lobby = other.chat().room("lobby").orElseThrow();
      Moderation annsModeration = lobby.moderation(other.chat().participant("ann").orElseThrow());
      assertEquals("not-allowed", code(annsModeration.ban("vic", HOUR, "").rejection()));
      assertEquals("done", code(annsModeration.kick("vic", "").rejection()));
    }
  }

  @Test
  void aFailingRoleRuleRejectsTheMessage() {
    RoomOptions broken =
        RoomOptions.defaults()
            .withRoles(
                (role, action) -> {
                  if (action == Role.Action.SEE_PARTICIPANTS) {
                    return true;
                  }
                  throw new IllegalStateException("no rule");
                });
    try (TestChat other = TestChat.of(Chat.builder(recorder).rooms(broken));
        LogCapture log = new LogCapture()) {
      TestClient ann = other.connect("lobby", "ann");
      ann.send("hello");
      assertEquals(List.of("internal error"), ann.received());
      assertTrue(ann.isOpen());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void aDeletedMessageIsNotReplayedAndOthersStillAre() {
    TestClient ann = connect("ann", Role.MEMBER);
    connect("mia", Role.MODERATOR);
    Position start = lobby().position();
    ann.send("one");
    ann.send("two");
    Position second = lobby().position();
    ann.send("three");
    lobby().announce("four");
    Position fourth = lobby().position();
    assertEquals("not-found", code(moderationAs("mia").deleteMessage(start).rejection()));
    assertEquals("done", code(moderationAs("mia").deleteMessage(second).rejection()));
    assertEquals("not-found", code(moderationAs("mia").deleteMessage(second).rejection()));
    assertEquals("not-allowed", code(moderationAs("ann").deleteMessage(fourth).rejection()));
    assertEquals(
        List.of("one", "three", "four"),
        chat.connect(AcceptedAdmission.of("cem", "lobby").withReplay(HistoryRange.since(start)))
            .received());
    ann.send("five");
    assertEquals(
        "done",
        code(moderationAs("ann").deleteMessage(lobby().position()).rejection()),
        "the participant's own message");
  }

  @Test
  void onlyModeratorsSetTheTopicAndAllMembersAreNotified() {
    RoomOptions withNotices =
        RoomOptions.defaults()
            .withNotices(
                new RoomNotices() {
                  @Override
                  public Payload topicChanged(Room room, String topic) {
                    return Payload.text(room.name() + " is about " + topic);
                  }
                });
    try (TestChat other = TestChat.of(Chat.builder(recorder).rooms(withNotices))) {
      TestClient ann = other.connect(AcceptedAdmission.of("ann", "lobby"));
      other.connect(AcceptedAdmission.of("mia", "lobby").withRole(Role.MODERATOR));
      Room lobby = other.chat().room("lobby").orElseThrow();
      Moderation annsModeration = lobby.moderation(other.chat().participant("ann").orElseThrow());
      Moderation miasModeration = lobby.moderation(other.chat().participant("mia").orElseThrow());
      assertEquals(
          "role member may not change the topic",
          annsModeration.setTopic("cats").rejection().orElseThrow().reason());
      assertEquals("", lobby.topic());
      assertEquals("done", code(miasModeration.setTopic("dogs").rejection()));
      assertEquals("dogs", lobby.topic());
      assertEquals(List.of("lobby is about dogs"), ann.received());
      IllegalArgumentException tooLong =
          assertThrows(IllegalArgumentException.class, () -> lobby.setTopic("x".repeat(257)));
      assertEquals("the topic has 257 characters: at most 256", tooLong.getMessage());
      lobby.setTopic("");
      assertEquals("", lobby.topic());
    }
  }

  @Test
  void presenceIsHiddenFromRolesThatMayNotSeeParticipants() {
    List<JoinInfo> joinInfos = new ArrayList<>();
    RoomOptions hidden =
        RoomOptions.defaults()
            .withRoles(
                (role, action) ->
                    action != Role.Action.SEE_PARTICIPANTS || role.isAtLeast(Role.MODERATOR))
            .withWelcome(
                joinInfo -> {
                  joinInfos.add(joinInfo);
                  return Payload.text("hello");
                })
            .withNotices(new JoinLeaveNotices());
    try (TestChat other = TestChat.of(Chat.builder(recorder).rooms(hidden))) {
      TestClient ann = other.connect(AcceptedAdmission.of("ann", "lobby"));
      TestClient mia = other.connect(AcceptedAdmission.of("mia", "lobby").withRole(Role.MODERATOR));
      assertEquals(0, joinInfos.get(0).participants().size());
      assertEquals(2, joinInfos.get(1).participants().size());
      TestClient bob = other.connect("lobby", "bob");
      bob.close();
      assertEquals(List.of("hello"), ann.received());
      assertEquals(List.of("hello", "+bob", "-bob"), mia.received());
      Room lobby = other.chat().room("lobby").orElseThrow();
      Moderation annsModeration = lobby.moderation(other.chat().participant("ann").orElseThrow());
      assertEquals(
          "not-allowed", code(annsModeration.check(Role.Action.SEE_PARTICIPANTS).rejection()));
      lobby.setRole("ann", Role.OWNER);
      assertEquals("done", code(annsModeration.check(Role.Action.SEE_PARTICIPANTS).rejection()));
      other.connect("lobby", "cem");
      assertEquals(List.of("+cem"), ann.received());
    }
  }

  @Test
  void theRoomIsNotifiedOfRemovalsDeletedMessagesAndRoleChanges() {
    RoomOptions withNotices =
        RoomOptions.defaults()
            .withHistory(History.of(10))
            .withNotices(
                new RoomNotices() {
                  @Override
                  public Payload participantLeft(Room room, Participant participant) {
                    return Payload.text(participant + " left");
                  }

                  @Override
                  public Payload participantRemoved(
                      Room room, Participant participant, CloseStatus status) {
                    return Payload.text(
                        participant + " was removed: " + status.reason() + " " + status.code());
                  }

                  @Override
                  public Payload messageDeleted(Message message) {
                    return Payload.text("deleted " + message.position().orElseThrow().offset());
                  }

                  @Override
                  public Payload roleChanged(Room room, Participant participant, Role role) {
                    return Payload.text(participant + " is a " + role + " of " + room.name());
                  }
                });
    try (TestChat other = TestChat.of(Chat.builder(recorder).rooms(withNotices))) {
      TestClient ann = other.connect(AcceptedAdmission.of("ann", "lobby"));
      Room lobby = other.chat().room("lobby").orElseThrow();
      for (String id : List.of("bob", "cem", "dan")) {
        other.connect("lobby", id);
      }
      lobby.kick("bob", "noise");
      lobby.ban("cem", HOUR, "spam");
      other.chat().participant("dan").orElseThrow().leave("lobby");
      ann.send("oops");
      assertTrue(lobby.deleteMessage(lobby.position()).isDone());
      assertTrue(lobby.deleteMessage(lobby.position()).isRejected());
      lobby.setRole("ann", Role.MODERATOR);
      assertEquals(
          List.of(
              "bob was removed: noise 4003",
              "cem was removed: spam 4005",
              "dan left",
              "oops",
              "deleted 1",
              "ann is a MODERATOR of lobby"),
          ann.received());
    }
  }

  @Test
  void aBanRejectionContainsItsRemainingTime() {
    connect("bob", Role.MEMBER);
    lobby().ban("bob", HOUR, "spam");
    chat.advance(Duration.ofMinutes(20));
    assertEquals(
        new Rejection(403, "banned", "spam", Duration.ofMinutes(40)),
        chat.admit(TestHandshake.create()));
  }

  @Test
  void aNonPositiveDurationIsRejected() {
    IllegalArgumentException exception =
        assertThrows(
            IllegalArgumentException.class, () -> lobby().ban("bob", Duration.ZERO, "spam"));
    assertEquals("the duration PT0S is over at once: give more than zero", exception.getMessage());
  }

  @Tag("slow")
  @Test
  void aBanOfAnyDurationHolds() {
    lobby().ban("bob", Duration.ofSeconds(Long.MAX_VALUE), "for ever");
    chat.advance(Duration.ofDays(10));
    assertTrue(lobby().unban("bob").isDone());
  }
}
