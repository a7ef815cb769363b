package dev.roomful.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file of the {@link MessageArchive}. Each line is a JSON object: a message, or an amendment with
 * {@code kind} and {@code target}. A message that was deleted is a line without a text, so that it
 * does not come back if another thread adds it later.
 *
 * <p>The archive locks it.
 */
record ArchiveBlock(Path file) {
  /** A file with more lines is written anew: most of them are reactions that were taken back. */
  static final int MAX_LINES = 4 * MessageArchive.BLOCK_SIZE;

  void add(ObjectNode line) throws IOException {
    append(file, line);
  }

  void delete(long offset) throws IOException {
    add(JsonPayloads.object().put("kind", "DELETE").put("target", offset));
    rewrite(fold());
  }

  /** {@return the messages as they are now, by offset} */
  NavigableMap<Long, ObjectNode> messages() throws IOException {
    NavigableMap<Long, ObjectNode> messages = fold();
    messages.values().removeIf(message -> message.has("deleted"));
    return messages;
  }

  private NavigableMap<Long, ObjectNode> fold() throws IOException {
    // Amendments come behind what they amend, although another thread may have added them first.
    List<ObjectNode> lines =
        lines(file)
            .flatMap(line -> JsonPayloads.parse(line).asObjectOpt().stream())
            .sorted(Comparator.comparingLong(line -> line.path("offset").asLong(Long.MAX_VALUE)))
            .toList();
    NavigableMap<Long, ObjectNode> messages = new TreeMap<>();
    for (ObjectNode line : lines) {
      if (line.has("kind")) {
        amend(messages, line);
      } else {
        messages.putIfAbsent(line.path("offset").asLong(), line);
      }
    }
    if (lines.size() > MAX_LINES) {
      rewrite(messages);
    }
    return messages;
  }

  private static void amend(Map<Long, ObjectNode> messages, ObjectNode line) {
    long target = line.path("target").asLong();
    String kind = line.path("kind").asString();
    if (kind.equals("DELETE")) {
      messages.put(target, JsonPayloads.object().put("offset", target).put("deleted", true));
    }
    ObjectNode message = messages.get(target);
    if (message == null || message.has("deleted")) {
      return;
    }
    if (kind.equals("EDIT")) {
      message.put("data", line.path("data").asString()).put("edited", true);
    } else {
      String reaction = line.path("reaction").asString();
      ObjectNode reactions = message.withObjectProperty("reactions");
      ArrayNode users = reactions.withArrayProperty(reaction);
      users.removeIf(user -> user.equals(line.path("user")));
      if (kind.equals("REACT")) {
        users.add(line.path("user"));
      }
      if (users.isEmpty()) {
        reactions.remove(reaction);
      }
    }
  }

  private void rewrite(Map<Long, ObjectNode> messages) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    String lines =
        messages.values().stream().map(line -> "\n" + line).collect(Collectors.joining());
    Files.write(next, lines.getBytes(StandardCharsets.UTF_8));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The line break comes first, so that a line that a crash has cut spoils no other. */
  static void append(Path file, Object line) throws IOException {
    byte[] bytes = ("\n" + line).getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Decodes whatever is in the file: a crash may have cut a character. */
  static Stream<String> lines(Path file) throws IOException {
    return Files.exists(file)
        ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines()
        : Stream.empty();
  }
}
