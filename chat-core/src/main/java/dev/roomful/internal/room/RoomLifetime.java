package dev.roomful.internal.room;

import dev.roomful.RoomOptions;
import dev.roomful.internal.validation.Arguments;
import java.time.Duration;

/**
 * Decides how long a room exists: removes it when it is empty and not kept. Guarded by the room.
 */
final class RoomLifetime {
  /** When to look again whether everything about the room was appended. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final RoomEnvironment environment;
  private final LiveRoom room;
  private final RoomOptions options;
  private final Roster roster;
  private final RoomRegistry registry;

  /** The place of the room among those that are kept although they are empty. */
  private final RoomDueTime emptyRoom;

  /** Whether somebody has joined, or a message was stored; otherwise nothing is worth keeping. */
  private boolean used;

  private long emptySince;

  RoomLifetime(RoomEnvironment environment, LiveRoom room, Roster roster, RoomRegistry registry) {
    this.environment = environment;
    this.room = room;
    this.options = room.options();
    this.roster = roster;
    this.registry = registry;
    this.emptyRoom = new RoomDueTime(registry.emptyRooms, room);
  }

  void joined() {
    used = true;
    emptyRoom.cancel();
  }

  /** Removes a room that was created for a participant that could not join. */
  void joinFailed() {
    if (isRemovable() && !used) {
      if (environment.isClustered()) {
        keepUnused(); // the log may still contain the join, which has to be undone then
      } else {
        close();
      }
    }
  }

  /** Keeps a room that nobody has joined, as if its last participant had left now. */
  void keepUnused() {
    if (!used) {
      used = true;
      keepEmpty();
    }
  }

  /** Removes a room that is empty now, or keeps it for a time. */
  void lastLeft() {
    if (isRemovable() && room.log.keepEmptyFor().isZero()) {
      close();
    } else {
      keepEmpty();
    }
  }

  private void keepEmpty() {
    if (isRemovable()) {
      emptySince = environment.scheduler().nanoTime();
      emptyRoom.require(emptySince, Duration.ZERO);
      room.timer.require(emptySince, room.log.keepEmptyFor());
    }
  }

  /** Removes the room if it has been empty for long enough. */
  void runDue(long now) {
    if (isRemovable() && used && !room.log.isIdle()) {
      room.timer.require(now, RETRY);
    } else if (isRemovable() && used) {
      if (now - emptySince >= Arguments.saturatedNanos(room.log.keepEmptyFor())) {
        close();
      } else {
        room.timer.require(emptySince, room.log.keepEmptyFor());
      }
    }
  }

  /** Removes the room if it is empty, to make room for another one. */
  void evict() {
    room.runLocked(
        () -> {
          emptyRoom.cancel();
          if (isRemovable()) {
            close();
          }
        });
  }

  void close() {
    roster.closed = true;
    remove();
  }

  /** Removes a room that is closed; last, or somebody could join a new room of its name before. */
  void remove() {
    emptyRoom.cancel();
    room.timer.cancel();
    room.publisher.roomRemoved();
    room.log.close();
    registry.remove(room);
  }

  private boolean isRemovable() {
    return roster.isEmpty() && !options.isPermanent() && !roster.closed;
  }
}
