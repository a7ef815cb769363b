package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Amendment;
import dev.roomful.Message;
import dev.roomful.Payload;
import dev.roomful.RoomHandler;
import dev.roomful.Sender;
import dev.roomful.admission.Position;
import dev.roomful.testing.TestChat;
import dev.roomful.testsupport.LogCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class MessageArchiveTest {
  private final TestChat chat = TestChat.of(new RoomHandler() {});

  @TempDir private Path folder;

  private MessageArchive archive;

  @BeforeEach
  void open() {
    archive = MessageArchive.in(folder.resolve("messages"));
  }

  @AfterEach
  void close() {
    chat.close();
  }

  private Message message(String room, String text) {
    chat.connect(room, "ann");
    return chat.chat()
        .room(room)
        .orElseThrow()
        .messageFrom(Sender.of("ann", "Ann"), Payload.text(text));
  }

  private void add(String epoch, long offset) {
    archive.add(message("lobby", "\"" + epoch + offset + "\""), new Position(epoch, offset));
  }

  private void amend(long offset, String text, Amendment amendment) {
    archive.add(message("lobby", text).withAmendment(amendment), new Position("a", offset));
  }

  /** The texts of all messages, page by page. */
  private List<List<String>> pages(String room) {
    List<List<String>> pages = new ArrayList<>();
    Optional<Position> before = Optional.empty();
    do {
      MessageArchive.Page page = archive.read(room, before);
      pages.add(page.messages().stream().map(one -> one.path("data").asString()).toList());
      before = page.next();
    } while (before.isPresent());
    return pages;
  }

  private List<String> texts(String room) {
    return pages(room).stream().flatMap(List::stream).toList();
  }

  private ObjectNode newest() {
    return archive.read("lobby", Optional.empty()).messages().get(0);
  }

  /** The content of all files. */
  private String files() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      StringBuilder content = new StringBuilder();
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        content.append(Files.readString(path));
      }
      return content.toString();
    }
  }

  private static Stream<String> quoted(String epoch, long newest, long oldest) {
    return LongStream.iterate(newest, offset -> offset >= oldest, offset -> offset - 1)
        .mapToObj(offset -> "\"" + epoch + offset + "\"");
  }

  @Test
  void messagesAreReadFromTheNewestToTheFirstAcrossEpochsAndRestarts() {
    LongStream.rangeClosed(1, 120).forEach(offset -> add("b", offset));
    open();
    LongStream.rangeClosed(1, 3).forEach(offset -> add("a", offset));
    open();
    assertEquals(
        List.of(
            quoted("a", 3, 1).toList(),
            quoted("b", 120, 101).toList(),
            quoted("b", 100, 51).toList(),
            quoted("b", 50, 1).toList(),
            List.of()),
        pages("lobby"));
    assertEquals(
        quoted("b", 77, 51).toList(),
        archive.read("lobby", Optional.of(new Position("b", 78))).messages().stream()
            .map(one -> one.path("data").asString())
            .toList());
  }

  @Test
  void aMessageHasItsPositionItsSenderAndItsHeaders() {
    Message message = message("lobby", "{\"text\":\"hi\"}").withHeader("time", "5");
    archive.add(message, new Position("a", 7));
    assertEquals(
        "{\"offset\":7,\"user\":\"ann\",\"data\":\"{\\\"text\\\":\\\"hi\\\"}\",\"name\":\"Ann\","
            + "\"tags\":{\"time\":\"5\"},\"epoch\":\"a\"}",
        newest().toString());
  }

  @Test
  void anEpochThatIsNotKnownIsNewerThanAllOthers() {
    add("a", 1);
    for (String epoch : new String[] {"b", "..", "/", "epochs"}) {
      assertEquals(
          1, archive.read("lobby", Optional.of(new Position(epoch, 9))).messages().size(), epoch);
    }
    assertEquals(List.of(), archive.read("none", Optional.empty()).messages());
  }

  @Test
  void theLatestEditCountsWhicheverIsAddedFirst() {
    Position target = new Position("a", 1);
    amend(3, "\"newest\"", Amendment.edit(target));
    amend(2, "\"newer\"", Amendment.edit(target));
    add("a", 1);
    assertEquals("\"newest\"", newest().path("data").asString());
    assertTrue(newest().path("edited").asBoolean());
  }

  @Test
  void reactionsAreCountedAndTakenBack() {
    Position target = new Position("a", 1);
    add("a", 1);
    amend(2, "{}", Amendment.react(target, "👍"));
    amend(3, "{}", Amendment.react(target, "👍"));
    amend(4, "{}", Amendment.react(target, "🎉"));
    amend(5, "{}", Amendment.unreact(target, "🎉"));
    assertEquals("{\"👍\":[\"ann\"]}", newest().path("reactions").toString());
  }

  @Test
  void aDeletedMessageIsNeitherReadNorInTheFiles() throws Exception {
    add("a", 1);
    add("a", 2);
    amend(3, "\"edited\"", Amendment.edit(new Position("a", 2)));
    archive.delete("lobby", new Position("a", 2));
    assertEquals(List.of("\"a1\""), texts("lobby"));
    assertFalse(files().contains("a2") || files().contains("edited"), files());

    add("a", 2); // the deletion was faster, or a client sends it again
    amend(4, "\"edited\"", Amendment.edit(new Position("a", 2)));
    open();
    assertEquals(List.of("\"a1\""), texts("lobby"));
  }

  @Test
  void aMessageThatIsAddedAgainIsNotChanged() {
    add("a", 1);
    amend(2, "\"edited\"", Amendment.edit(new Position("a", 1)));
    archive.add(message("lobby", "\"again\""), new Position("a", 1));
    assertEquals(List.of("\"edited\""), texts("lobby"));
  }

  @Test
  void aFileWithManyAmendmentsIsWrittenAnew() throws Exception {
    Position target = new Position("a", 1);
    add("a", 1);
    amend(2, "\"edited\"", Amendment.edit(target));
    amend(3, "{}", Amendment.react(target, "👍"));
    for (int i = 0; i < ArchiveBlock.MAX_LINES; i++) {
      amend(4 + i, "{}", Amendment.react(target, "🎉"));
    }
    String before = newest().toString();
    assertEquals(
        2, files().lines().filter(line -> line.startsWith("a") || line.startsWith("{")).count());
    assertEquals(before, newest().toString());
    assertEquals("{\"👍\":[\"ann\"],\"🎉\":[\"ann\"]}", newest().path("reactions").toString());
    assertEquals("\"edited\"", newest().path("data").asString());
  }

  @Test
  void aPageOfLargeMessagesHasFewerOfThem() {
    for (int offset = 1; offset <= 3; offset++) {
      archive.add(message("lobby", "x".repeat(40_000)), new Position("a", offset));
    }
    assertEquals(List.of(2, 1, 0), pages("lobby").stream().map(List::size).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Lobby", "..", "../lobby", "a/b", "\\", "direct:ann:bob", " "})
  void roomsShareNothingWhateverTheirNames(String room) throws Exception {
    add("a", 1);
    archive.add(message(room, "secret"), new Position("a", 2));
    assertEquals(List.of("\"a1\""), texts("lobby"));
    assertEquals(List.of("secret"), texts(room));
    try (Stream<Path> outside = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("messages")), outside.toList());
    }
  }

  @Test
  void aLineThatACrashHasCutSpoilsNoOther() throws Exception {
    add("a", 1);
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        Files.write(path, new byte[] {'\n', '{', (byte) 0xc3}, StandardOpenOption.APPEND);
      }
    }
    add("a", 2);
    add("b", 1);
    assertEquals(List.of("\"b1\"", "\"a2\"", "\"a1\""), texts("lobby"));
  }

  @Test
  void aFailedWriteIsLoggedAndAFailedDeletionIsAnError() throws Exception {
    Files.delete(folder.resolve("messages"));
    Files.createFile(folder.resolve("messages")); // no folder can be created in it
    try (LogCapture log = new LogCapture(MessageArchive.class.getName())) {
      add("a", 1);
      assertEquals(List.of("cannot archive message a:1"), log.messages());
    }
    Position position = new Position("a", 1);
    assertThrows(UncheckedIOException.class, () -> archive.delete("lobby", position));
  }

  @Test
  void aFolderThatCannotBeCreatedIsAnError() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThrows(UncheckedIOException.class, () -> MessageArchive.in(file.resolve("messages")));
  }
}
