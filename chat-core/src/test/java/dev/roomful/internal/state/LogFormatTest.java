package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Holds the format to its document and to the stored bytes of one example of each record. A stored
 * file never changes: rooms and nodes of released versions have such bytes. For another example,
 * run the test with {@code -Droomful.format.add=true}, which only adds files.
 */
class LogFormatTest {
  private static final String ADD = "roomful.format.add";
  private static final Path FILES = Path.of("src", "test", "resources", "log-format");

  private final LogFormatExamples examples = new LogFormatExamples();
  private final RoomCodec codec = examples.fixture.codec;
  private final LogFormatSchema schema = new LogFormatSchema();

  @Test
  void storedEntriesAreDecodedAndEncodedAsEver() throws IOException {
    for (Map.Entry<String, RoomEvent> example : examples.events().entrySet()) {
      String name = example.getKey();
      byte[] encoded = codec.encode(example.getValue(), LogFormatExamples.EPOCH);
      byte[] stored = stored(name, encoded);
      DecodedEvent decoded = codec.decode(stored);
      assertEquals(
          RoomFixture.content(example.getValue()), RoomFixture.content(decoded.event()), name);
      assertEquals(LogFormatExamples.EPOCH, decoded.epoch(), name);
      assertEquals(hex(stored), hex(encoded), name);
    }
  }

  @Test
  void aStoredSnapshotIsRestoredAndWrittenAsEver() throws IOException {
    RoomState expected = examples.state();
    byte[] encoded = codec.snapshot(expected);
    byte[] stored = stored("snapshot", encoded);
    RoomState restored = examples.fixture.restored(stored);
    assertEquals(
        RoomFixture.content(expected.snapshot()), RoomFixture.content(restored.snapshot()));
    assertEquals(hex(stored), hex(encoded));
  }

  @Test
  void theDocumentDescribesEveryFieldAndNoOther() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String name : examples.events().keySet()) {
      schema.copy("Entry", new FieldReader(stored(name)), new byte[0], found);
    }
    schema.copy("Snapshot", new FieldReader(stored("snapshot")), new byte[0], found);
    found.add("Entry.required_version"); // not written by this version
    found.add("Snapshot.required_version");
    Set<String> withoutExample = schema.fields();
    withoutExample.removeAll(found);
    assertEquals(Set.of(), withoutExample);
  }

  @Test
  void fieldsOfLaterVersionsAreIgnored() throws IOException {
    byte[] later = LogFormatSchema.laterFields();
    for (Map.Entry<String, RoomEvent> example : examples.events().entrySet()) {
      byte[] data =
          schema.copy("Entry", new FieldReader(stored(example.getKey())), later, new HashSet<>());
      assertEquals(
          RoomFixture.content(example.getValue()),
          RoomFixture.content(codec.decode(data).event()),
          example.getKey());
    }
    byte[] snapshot =
        schema.copy("Snapshot", new FieldReader(stored("snapshot")), later, new HashSet<>());
    assertEquals(
        RoomFixture.content(examples.state().snapshot()),
        RoomFixture.content(examples.fixture.restored(snapshot).snapshot()));
  }

  private static byte[] stored(String name, byte[] encoded) throws IOException {
    Path file = file(name);
    if (!Files.exists(file)) {
      if (!Boolean.getBoolean(ADD)) {
        fail("no bytes of the example " + name + " are stored: run with -D" + ADD + "=true");
      }
      Files.createDirectories(FILES);
      Files.writeString(file, hex(encoded));
    }
    return stored(name);
  }

  private static byte[] stored(String name) throws IOException {
    return HexFormat.of().parseHex(Files.readString(file(name)).replaceAll("\\s", ""));
  }

  private static Path file(String name) {
    return FILES.resolve(name + ".hex");
  }

  /** Lines of 32 bytes. */
  private static String hex(byte[] data) {
    return HexFormat.of().formatHex(data).replaceAll("(.{1,64})", "$1\n");
  }
}
