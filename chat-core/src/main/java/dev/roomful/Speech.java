package dev.roomful;

import dev.roomful.transport.Frame;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is said in a room: given to the backplane, heard, and kept. */
final class Speech {
  private final Core core;
  private final Room room;
  private final ReentrantLock lock;
  private final Seating seating;
  private final Backplane.Line line;
  private final Past past;

  /** What the line is just being given, with the lock held. */
  private @Nullable Delivery underWay;

  Speech(Core core, Room room, Seating seating) {
    this.core = core;
    this.room = room;
    this.lock = room.lock;
    this.seating = seating;
    this.line = core.backplane.open(room, new Ear());
    this.past = new Past(room.options().history(), line.position(), core.engine::nanoTime);
    past.restore(line.kept());
  }

  /** What comes back from the backplane: within the call that gave it, or later. */
  private final class Ear implements Backplane.Listener {
    @Override
    public void heard(Message message) {
      Delivery own = underWay(); // of this thread, if it is giving the line something
      if (own != null) {
        hear(message, own);
      } else {
        Delivery delivery =
            message.position().isPresent()
                ? Delivery.of(core, message, overflow())
                : Delivery.fleeting(core, message, overflow());
        deliver(
            delivery,
            () -> {
              hear(message, delivery);
              return message;
            });
      }
    }

    @Override
    public void removed(Position position) {
      drop(position);
    }
  }

  private @Nullable Delivery underWay() {
    return lock.isHeldByCurrentThread() ? underWay : null;
  }

  /** Called with the lock held. */
  private void hear(Message message, Delivery delivery) {
    Position place = message.place();
    if (place != null) {
      past.add(message, place);
    }
    delivery.reach(seating, message);
  }

  private Overflow overflow() {
    return room.options().overflow();
  }

  /** Its position, once the room has heard it. */
  CompletionStage<Position> give(Message message) {
    return deliver(
        Delivery.of(core, message, overflow()),
        () ->
            seating.over
                ? CompletableFuture.completedFuture(past.position())
                : line.publish(message));
  }

  /** Of what is not kept. */
  void signal(Message fleeting) {
    deliver(
        Delivery.fleeting(core, fleeting, overflow()),
        () -> {
          if (!seating.over) {
            line.signal(fleeting);
          }
          return fleeting;
        });
  }

  /** Gives the line something, or takes it from there, when all who are here have been judged. */
  private <T> T deliver(Delivery delivery, Supplier<T> step) {
    T done = null;
    while (done == null) {
      delivery.judge(room::participants);
      delivery.phrase(seating);
      lock.lock();
      try {
        // Somebody may have come in since; the newcomer is then judged too, so that nobody who was
        // here misses what was for all.
        if (delivery.isFor(seating)) {
          done = step(delivery, step);
        }
      } finally {
        delivery.fanout.handOver();
        lock.unlock();
      }
    }
    delivery.fanout.finish();
    core.lanes.wake();
    return done;
  }

  private <T> T step(Delivery delivery, Supplier<T> step) {
    underWay = delivery;
    try {
      return step.get();
    } finally {
      underWay = null;
    }
  }

  /** To every connection in the room that was not reached before; with the lock held. */
  void announce(Payload payload, Fanout fanout, Set<Visit> reached) {
    Message message = Message.announced(room, payload, BroadcastPolicy.everyone());
    var unused = step(Delivery.together(fanout, message, reached), () -> line.publish(message));
  }

  Position position() {
    lock.lock();
    try {
      return past.position();
    } finally {
      lock.unlock();
    }
  }

  /** A page of what was kept, or null if not all of it is there. */
  @Nullable List<Past.Kept> kept(Page page) {
    lock.lock();
    try {
      return past.page(page);
    } finally {
      lock.unlock();
    }
  }

  void trim(long now) {
    if (room.options().history().messages() > 0) {
      lock.lock();
      try {
        past.trim(now);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Takes a message out of what was kept, here and on other servers. */
  Optional<Message> remove(Position position) {
    Optional<Message> removed = drop(position);
    removed.ifPresent(message -> unlessOver(() -> line.remove(position)));
    return removed;
  }

  private void unlessOver(Runnable work) {
    lock.lock();
    try {
      if (!seating.over) {
        work.run();
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<Message> drop(Position position) {
    return kept(position)
        .filter(
            message -> {
              Frame notice = core.noticeOf(room.options().notices().removed(message));
              return room.members.locked(
                  () -> {
                    boolean first = past.remove(position);
                    if (first) {
                      room.members.tell(notice, all -> true);
                    }
                    return first;
                  });
            });
  }

  Optional<Message> kept(Position position) {
    lock.lock();
    try {
      return Optional.ofNullable(past.at(position));
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is said here any more; with the lock held. */
  void end() {
    line.close();
  }
}
