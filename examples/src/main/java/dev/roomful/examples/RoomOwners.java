package dev.roomful.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The owners of rooms, in a file, so that a restart does not change them. After a restart the
 * clients come back in any order, and the first one of a room would become its owner. For a minute
 * only the previous owner does.
 *
 * <p>Each line of the file is the id of an owner, a tab and the name of its room; neither can
 * contain a tab. The last line of a room counts.
 *
 * <p>Thread-safe.
 */
final class RoomOwners {
  /** How long after the start a room waits for its previous owner. */
  static final Duration WAIT = Duration.ofMinutes(1);

  /** The owners of that many rooms are kept: those that changed last. */
  private static final int MAX_ROOMS = 10_000;

  private final @Nullable Path file;
  private final LongSupplier nanoTime;
  private final long startedAt;
  private int lines;

  /** By room name. */
  private final Map<String, String> owners =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_ROOMS;
        }
      };

  private RoomOwners(@Nullable Path file, LongSupplier nanoTime) {
    this.file = file;
    this.nanoTime = nanoTime;
    this.startedAt = nanoTime.getAsLong();
  }

  /** {@return owners that a restart forgets} */
  static RoomOwners inMemory() {
    return new RoomOwners(null, System::nanoTime);
  }

  /**
   * {@return the owners in a file, which is created if necessary}
   *
   * @throws UncheckedIOException if it cannot be read or written
   */
  static RoomOwners in(Path file, LongSupplier nanoTime) {
    RoomOwners owners = new RoomOwners(file, nanoTime);
    owners.load(file);
    return owners;
  }

  private synchronized void load(Path source) {
    try {
      if (Files.exists(source)) {
        for (String line : Files.readAllLines(source)) {
          int tab = line.indexOf('\t'); // absent in a line that a crash has cut
          if (tab > 0) {
            put(line.substring(tab + 1), line.substring(0, tab));
          }
        }
      }
      rewrite(source);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** {@return the owner for whom the room still waits} */
  synchronized Optional<String> awaitedIn(String room) {
    boolean waits = nanoTime.getAsLong() - startedAt < WAIT.toNanos();
    return file != null && waits ? Optional.ofNullable(owners.get(room)) : Optional.empty();
  }

  /** Keeps the owner of a room. */
  synchronized void record(String room, String id) {
    if (file == null || id.equals(owners.get(room))) {
      return;
    }
    put(room, id);
    try {
      if (++lines > 2 * MAX_ROOMS) {
        rewrite(file);
      } else {
        Files.writeString(
            file, id + "\t" + room + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure); // is logged: the room has its owner all the same
    }
  }

  private void put(String room, String id) {
    owners.remove(room); // the latest is the last to be dropped
    owners.put(room, id);
  }

  private void rewrite(Path target) throws IOException {
    Path next = target.resolveSibling(target.getFileName() + ".next");
    List<String> content =
        owners.entrySet().stream().map(owner -> owner.getValue() + "\t" + owner.getKey()).toList();
    Files.write(next, content);
    Files.move(next, target, StandardCopyOption.REPLACE_EXISTING);
    lines = content.size();
  }
}
