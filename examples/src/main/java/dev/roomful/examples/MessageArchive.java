package dev.roomful.examples;

import dev.roomful.Amendment;
import dev.roomful.Message;
import dev.roomful.admission.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of all rooms, in files: also those that the rooms do not store any more, and those
 * from before a restart. The application adds what a room has accepted.
 *
 * <p>A room has a folder, whose name is the SHA-256 of the room's. The file {@code epochs} in it
 * lists the epochs in the order of their start. An epoch has a folder with an {@link ArchiveBlock}
 * for each {@value #BLOCK_SIZE} positions.
 *
 * <p><b>Guarantee.</b> A message that was added survives the end of the program, though not a loss
 * of power in the next seconds. It is missing if it could not be written, which is logged and does
 * not concern the chat, or if the program ended between its publication and its addition. A deleted
 * message is never read again.
 *
 * <p>Thread-safe. For one program at a time: the nodes of a cluster need a database.
 */
final class MessageArchive {
  /** The positions of a file, and so the largest number of messages that are read at once. */
  static final int BLOCK_SIZE = 50;

  /** Nothing is added to a page that has more: with one large message it still fits an outbox. */
  private static final int PAGE_CHARACTERS = 64 * 1024;

  private static final String EPOCHS = "epochs";

  private static final String SUFFIX = ".jsonl";

  private static final Logger LOGGER = Logger.getLogger(MessageArchive.class.getName());

  private final Path folder;

  private MessageArchive(Path folder) {
    this.folder = folder;
  }

  /**
   * {@return the archive in a folder, which is created if necessary}
   *
   * @throws UncheckedIOException if it cannot be created
   */
  static MessageArchive in(Path folder) {
    try {
      return new MessageArchive(Files.createDirectories(folder));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Messages as they are now, the newest one first: JSON objects with {@code epoch}, {@code
   * offset}, {@code user}, {@code name}, {@code tags}, {@code data}, which is JSON in a text, and
   * if it was amended {@code edited} and {@code reactions}.
   *
   * @param messages the messages, at most {@value #BLOCK_SIZE}
   * @param next the position before which the next page is read; empty if nothing is left
   */
  record Page(List<ObjectNode> messages, Optional<Position> next) {}

  /**
   * Adds a message or an amendment, which everybody in its room may read. A message that is no text
   * is left out; one that was added before is not changed.
   *
   * @param position the position that the room has given it
   */
  synchronized void add(Message message, Position position) {
    if (!message.isText()) {
      return;
    }
    ObjectNode line = JsonPayloads.object().put("offset", position.offset());
    line.put("user", message.sender().id()).put("data", message.text());
    Optional<Amendment> amendment = message.amendment();
    if (amendment.isPresent()) {
      line.put("kind", amendment.get().kind().name());
      line.put("target", amendment.get().target().offset());
      amendment.get().reaction().ifPresent(reaction -> line.put("reaction", reaction));
    } else {
      line.put("name", message.sender().name());
      message.headers().forEach(line.putObject("tags")::put);
    }
    Position target = amendment.map(Amendment::target).orElse(position);
    try {
      block(message.room().name(), target).add(line);
    } catch (IOException failure) {
      LOGGER.log(Level.WARNING, "cannot archive message " + position, failure);
    }
  }

  /**
   * Deletes a message, also its text in the files.
   *
   * @throws UncheckedIOException if the files cannot be written
   */
  synchronized void delete(String room, Position position) {
    try {
      block(room, position).delete(position.offset());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Reads messages before a position: those of the last block in which there are some.
   *
   * @param before a position of the room, or empty for its newest messages
   * @throws UncheckedIOException if the files cannot be read
   */
  synchronized Page read(String room, Optional<Position> before) {
    try {
      Path files = folderOf(room);
      List<String> epochs = epochs(files);
      int known = before.map(position -> epochs.indexOf(position.epoch())).orElse(-1);
      // An epoch that is not known has just begun, and no message of it was added.
      long end = known < 0 ? Long.MAX_VALUE : before.orElseThrow().offset();
      for (int i = known < 0 ? epochs.size() - 1 : known; i >= 0; i--) {
        OptionalLong block = lastBlock(files.resolve(epochs.get(i)), end);
        if (block.isPresent()) {
          return page(files, epochs.get(i), block.getAsLong(), end);
        }
        end = Long.MAX_VALUE;
      }
      return new Page(List.of(), Optional.empty());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** {@return the id of a message's sender, if the message was added and not deleted} */
  Optional<String> author(String room, Position position) {
    Position end = new Position(position.epoch(), position.offset() + 1);
    return read(room, Optional.of(end)).messages().stream()
        .findFirst()
        .filter(newest -> newest.path("epoch").asString().equals(position.epoch()))
        .filter(newest -> newest.path("offset").asLong() == position.offset())
        .map(newest -> newest.path("user").asString());
  }

  private static Page page(Path files, String epoch, long block, long end) throws IOException {
    NavigableMap<Long, ObjectNode> current =
        new ArchiveBlock(files.resolve(epoch).resolve(block + SUFFIX)).messages();
    List<ObjectNode> messages = new ArrayList<>();
    int characters = 0;
    for (ObjectNode message : current.headMap(end, false).descendingMap().values()) {
      messages.add(message.put("epoch", epoch));
      characters += message.toString().length();
      if (characters > PAGE_CHARACTERS) {
        Position last = new Position(epoch, message.path("offset").asLong());
        return new Page(messages, Optional.of(last));
      }
    }
    return new Page(messages, Optional.of(new Position(epoch, block * BLOCK_SIZE + 1)));
  }

  private static OptionalLong lastBlock(Path epoch, long end) throws IOException {
    try (Stream<Path> files = Files.list(epoch)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .mapToLong(name -> Long.parseLong(name.substring(0, name.length() - SUFFIX.length())))
          .filter(block -> block * BLOCK_SIZE + 1 < end)
          .max();
    }
  }

  /** Clients choose the names of rooms: only a digest of them is a safe name of a folder. */
  private Path folderOf(String room) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(room.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(hash));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  private static List<String> epochs(Path files) throws IOException {
    return ArchiveBlock.lines(files.resolve(EPOCHS))
        .distinct()
        .filter(epoch -> !epoch.isEmpty() && Files.exists(files.resolve(epoch)))
        .toList();
  }

  /** {@return the block of a position, in a folder that exists} */
  private ArchiveBlock block(String room, Position position) throws IOException {
    Path files = folderOf(room);
    Path epoch = files.resolve(position.epoch());
    if (!Files.exists(epoch)) {
      Files.createDirectories(files);
      ArchiveBlock.append(files.resolve(EPOCHS), position.epoch());
      Files.createDirectory(epoch);
    }
    return new ArchiveBlock(epoch.resolve((position.offset() - 1) / BLOCK_SIZE + SUFFIX));
  }
}
