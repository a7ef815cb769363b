package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Display names: validation, normalization and uniqueness within a room. */
class DisplayNamesTest {
  private final List<String> changes = new ArrayList<>();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(
                  new RoomHandler() {
                    @Override
                    public void onUpdate(Room room, Participant participant) {
                      changes.add(participant + " in " + room.name());
                    }
                  })
              .authenticator(
                  handshake ->
                      AcceptedAdmission.of("new", handshake.query("room").orElse("open"))
                          .withName(handshake.query("name").orElse("Ann")))
              .rooms(RoomOptions.defaults())
              .room("unique", RoomOptions.defaults().withDisplayNames(DisplayNames.unique()))
              .room("numbered", RoomOptions.defaults().withDisplayNames(DisplayNames.numbered()))
              .room(
                  "alike",
                  RoomOptions.defaults()
                      .withDisplayNames(
                          DisplayNames.unique().withComparison(name -> name.replace('1', 'l')))));

  @AfterEach
  void close() {
    chat.close();
  }

  private TestClient connect(String room, String id, String name) {
    return chat.connect(AcceptedAdmission.of(id, room).withName(name));
  }

  private Participant participant(String id) {
    return chat.chat().participant(id).orElseThrow();
  }

  private static Optional<CloseStatus> nameTakenStatus() {
    return Optional.of(CloseStatus.FULL.withReason("name-taken"));
  }

  @Test
  void byDefaultParticipantsMayShareAName() {
    connect("open", "1", "Ann");
    assertEquals(Optional.empty(), connect("open", "2", "Ann").closeStatus());
  }

  @Test
  void aNameIsNormalizedAndStripped() {
    connect("open", "1", "  \uFF21\uFF4E\uFF4E Lee ");
    assertEquals("Ann Lee", participant("1").name());
  }

  @ParameterizedTest
  @CsvSource({
    "'', the display name is empty: give 1 to 128 characters",
    "'   ', the display name is empty: give 1 to 128 characters",
    "A\u202Enn, the display name has the invisible character U+202E at index 1: leave it out",
    "Ann\u200B, the display name has the invisible character U+200B at index 3: leave it out",
    "An\u0007n, the display name has the invisible character U+0007 at index 2: leave it out",
    "\uD83D\uDE00\u2066, the display name has the invisible character U+2066 at index 2: leave it"
        + " out",
    "\u3164, the display name has the invisible character U+1160 at index 0: leave it out",
  })
  void anInvalidNameIsRejectedWithTheReason(String name, String reason) {
    Rejection rejection = new Rejection(400, "name", reason);
    assertEquals(rejection, chat.admit(TestHandshake.create().withQuery("name", name)));
    IllegalArgumentException misuse =
        assertThrows(IllegalArgumentException.class, () -> connect("open", "1", name));
    assertEquals(reason, misuse.getMessage());
    assertEquals(0, chat.chat().participants());
  }

  @Test
  void aNameHasAtMost128Characters() {
    assertEquals(
        new Rejection(400, "name", "the display name has 129 characters: at most 128"),
        chat.admit(TestHandshake.create().withQuery("name", "x".repeat(129))));
    assertEquals(Optional.empty(), connect("open", "1", "\u00DF".repeat(128)).closeStatus());
  }

  @Test
  void aNameInUseIsRejectedUntilItsParticipantLeaves() {
    TestClient ann = connect("unique", "1", "Ann");
    assertEquals(nameTakenStatus(), connect("unique", "2", "ANN").closeStatus());
    assertEquals(
        new Rejection(
            409,
            "name-taken",
            "another participant in room \"unique\" uses the display name \"ann\""),
        chat.admit(TestHandshake.create().withQuery("room", "unique").withQuery("name", "ann")));
    assertEquals(
        Optional.empty(),
        connect("unique", "1", "Ann").closeStatus(),
        "another connection of the same participant");
    assertEquals(Optional.empty(), connect("unique", "3", "Anna").closeStatus());
    connect("unique", "persian", "\u0646\u0627\u0645\u200C\u0647\u0627");
    assertEquals(
        nameTakenStatus(),
        connect("unique", "joined", "\u0646\u0627\u0645\u0647\u0627").closeStatus());
    chat.chat().participant("persian").orElseThrow().leave("unique");
    participant("1").leave("unique");
    assertEquals(Optional.empty(), connect("unique", "2", "Ann").closeStatus());
    assertEquals(1, connect("unique", "4", "Ann").closeStatus().stream().count());
    assertEquals(Optional.of(CloseStatus.NORMAL), ann.closeStatus());
    assertEquals(2, chat.chat().room("unique").orElseThrow().size());
  }

  @Test
  void joiningARoomWhereTheNameIsInUseIsRejected() {
    connect("unique", "1", "Ann");
    connect("numbered", "1", "Ann");
    connect("open", "2", "Ann");
    assertEquals("name-taken", participant("2").join("unique").rejection().orElseThrow().code());
    assertEquals("name-taken", participant("2").join("numbered").rejection().orElseThrow().code());
    assertEquals("Ann", participant("2").name());
    assertEquals(1, participant("2").rooms().size());
  }

  @Test
  void aRoomMayNumberEqualNames() {
    TestClient first = connect("numbered", "1", "Ann");
    connect("numbered", "2", "Ann");
    connect("numbered", "3", "ann");
    connect("numbered", "4", "Ann (2)");
    connect("numbered", "5", "Bob");
    assertEquals(
        List.of("Ann", "Ann (2)", "ann (3)", "Ann (2) (2)", "Bob"),
        chat.chat().room("numbered").orElseThrow().participants().stream()
            .map(Participant::name)
            .toList());
    first.close();
    connect("numbered", "6", "Ann");
    assertEquals("Ann", participant("6").name());
    connect("numbered", "7", "x".repeat(128));
    connect("numbered", "8", "x".repeat(128));
    assertEquals("x".repeat(124) + " (2)", participant("8").name());
    String faces = "a" + "\uD83D\uDE00".repeat(63) + "b";
    connect("numbered", "9", faces);
    connect("numbered", "10", faces);
    assertEquals("a" + "\uD83D\uDE00".repeat(61) + " (2)", participant("10").name());
    String joined = "a" + "\u0646\u200C".repeat(63) + "\u0646";
    connect("numbered", "11", joined);
    connect("numbered", "12", joined);
    assertEquals("a" + "\u0646\u200C".repeat(61) + "\u0646 (2)", participant("12").name());
  }

  @Test
  void theApplicationDefinesNameComparison() {
    connect("alike", "1", "Paul");
    assertEquals(nameTakenStatus(), connect("alike", "2", "Pau1").closeStatus());
    assertEquals(Optional.empty(), connect("alike", "3", "PAUL").closeStatus());
  }

  @Test
  void aFailingComparisonClosesOnlyTheJoiningConnection() {
    RoomOptions broken =
        RoomOptions.defaults()
            .withDisplayNames(
                DisplayNames.unique()
                    .withComparison(
                        name -> {
                          throw new IllegalStateException("no likeness");
                        }));
    try (TestChat other =
            TestChat.of(
                Chat.builder(new CallbackRecorder())
                    .authenticator(handshake -> AcceptedAdmission.of("1", "lobby"))
                    .room("lobby", broken.withPermanent()));
        LogCapture log = new LogCapture()) {
      assertEquals(
          Optional.of(CloseStatus.FAILED),
          other.connect(AcceptedAdmission.of("1", "lobby")).closeStatus());
      assertEquals(
          new Rejection(500, "failed", "internal error"), other.admit(TestHandshake.create()));
      assertEquals(0, other.chat().participants());
      assertEquals(2, log.messages().size());
    }
  }

  @Test
  void aRenameAppliesInAllRoomsOrNone() {
    connect("unique", "1", "Ann");
    connect("unique", "2", "Bob");
    connect("alike", "3", "Cem");
    Participant bob = participant("2");
    bob.join("alike");
    assertEquals("name-taken", bob.rename("ann").rejection().orElseThrow().code());
    assertEquals("name-taken", bob.rename("Cem").rejection().orElseThrow().code());
    assertEquals("name", bob.rename("B\u200Bob").rejection().orElseThrow().code());
    assertEquals("Bob", bob.name());
    assertEquals(List.of(), changes);
    assertEquals(Outcome.done(), bob.rename(" Robert "));
    assertEquals("Robert", bob.name());
    assertEquals(
        List.of("Robert (2) in alike", "Robert (2) in unique"), changes.stream().sorted().toList());
    assertEquals(
        Optional.empty(), connect("unique", "4", "Bob").closeStatus(), "the old name is free");
    assertEquals(nameTakenStatus(), connect("unique", "5", "robert").closeStatus());
    assertEquals(Outcome.done(), bob.rename("ROBERT"), "the same participant");
  }
}
