package dev.roomful.internal.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.internal.delivery.FrameRing.Mark;
import dev.roomful.transport.Batch;
import dev.roomful.transport.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameRingTest {
  private final FrameRing ring = new FrameRing();

  /** A simple list that does what a ring does, in linear time. */
  private static final class ListModel {
    private static final class Entry {
      Frame frame;
      Mark mark;

      Entry(Frame frame, Mark mark) {
        this.frame = frame;
        this.mark = mark;
      }
    }

    private final List<Entry> entries = new ArrayList<>();

    long bytes() {
      return entries.stream().mapToLong(entry -> FrameRing.cost(entry.frame)).sum();
    }

    boolean hasNext() {
      return !entries.isEmpty() && entries.get(0).mark != Mark.RESERVED;
    }

    void add(Frame frame, Mark mark) {
      entries.add(new Entry(frame, mark));
    }

    boolean fill(Frame placeholder, boolean withFrame, Frame frame) {
      for (Entry entry : entries) {
        if (entry.frame == placeholder) {
          entry.frame = frame;
          entry.mark = Mark.ESSENTIAL;
          return withFrame || entries.remove(entry);
        }
      }
      return false;
    }

    List<Frame> take() {
      List<Frame> taken = new ArrayList<>();
      long bytes = 0;
      while (hasNext()) {
        bytes += entries.get(0).frame.size();
        if (!taken.isEmpty() && bytes > Batch.MAX_BYTES) {
          break;
        }
        taken.add(entries.remove(0).frame);
      }
      return taken;
    }

    int shrinkTo(long maxBytes) {
      int before = entries.size();
      for (int i = 0; i < entries.size() && bytes() > maxBytes; ) {
        if (entries.get(i).mark == Mark.EXPENDABLE) {
          entries.remove(i);
        } else {
          i++;
        }
      }
      return before - entries.size();
    }

    List<Frame> clear() {
      List<Frame> personal =
          entries.stream()
              .filter(entry -> entry.mark == Mark.PERSONAL)
              .map(entry -> entry.frame)
              .toList();
      entries.clear();
      return personal;
    }
  }

  private static List<Frame> take(FrameRing ring) {
    FrameBatch batch = new FrameBatch(new DirectMemory());
    long before = ring.bytes();
    long moved = ring.moveTo(batch);
    assertEquals(before - moved, ring.bytes());
    List<Frame> taken = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      taken.add(batch.frame(i));
    }
    return taken;
  }

  private static Frame frame(Random random) {
    return Frame.binary(new byte[random.nextInt(10) == 0 ? random.nextInt(40_000) : 10]);
  }

  /** The seeds give different shares of essential, expendable, personal and reserved places. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void behavesAsASimpleListDoes(long seed) {
    Random random = new Random(seed);
    ListModel model = new ListModel();
    List<Frame> placeholders = new ArrayList<>();
    int essential = 1 + random.nextInt(10);
    int expendable = random.nextInt(20);
    int personal = random.nextInt(4);
    for (int step = 0; step < 20_000; step++) {
      int choice = random.nextInt(essential + expendable + personal + 6);
      Frame frame = frame(random);
      if (choice < essential) {
        ring.add(frame, Mark.ESSENTIAL);
        model.add(frame, Mark.ESSENTIAL);
      } else if (choice < essential + expendable) {
        ring.add(frame, Mark.EXPENDABLE);
        model.add(frame, Mark.EXPENDABLE);
      } else if (choice < essential + expendable + personal) {
        ring.add(frame, Mark.PERSONAL);
        model.add(frame, Mark.PERSONAL);
      } else {
        switch (random.nextInt(20)) {
          case 0, 1, 2 -> {
            Frame placeholder = Frame.text("");
            ring.add(placeholder, Mark.RESERVED);
            model.add(placeholder, Mark.RESERVED);
            placeholders.add(placeholder);
          }
          case 3, 4, 5, 6, 7, 8 -> {
            if (!placeholders.isEmpty()) {
              Frame placeholder = placeholders.remove(random.nextInt(placeholders.size()));
              boolean withFrame = random.nextBoolean();
              assertEquals(
                  model.fill(placeholder, withFrame, frame),
                  ring.fill(placeholder, withFrame ? frame : null));
            }
          }
          case 9, 10, 11, 12 -> assertEquals(model.take(), take(ring));
          case 13, 14, 15, 16, 17 -> {
            long maxBytes = (long) (model.bytes() * random.nextDouble());
            assertEquals(model.shrinkTo(maxBytes), ring.shrinkTo(maxBytes));
          }
          case 18 -> ring.trim();
          default -> {
            if (random.nextInt(20) == 0) {
              assertEquals(model.clear(), ring.clear());
            }
          }
        }
      }
      assertEquals(model.bytes(), ring.bytes());
      assertEquals(model.hasNext(), ring.hasNext());
      assertEquals(model.entries.isEmpty(), ring.isEmpty());
    }
    for (Frame placeholder : placeholders) {
      assertEquals(model.fill(placeholder, false, placeholder), ring.fill(placeholder, null));
    }
    while (!model.entries.isEmpty()) {
      assertEquals(model.take(), take(ring));
    }
    assertTrue(ring.isEmpty());
    assertEquals(0, ring.bytes());
  }

  /** A client that does not read, in a room that drops the oldest: each message drops another. */
  @Timeout(20)
  @Test
  void droppingTheOldestTakesConstantTimeAlsoBehindFramesThatStay() {
    int queued = 50_000;
    int dropped = 2_000_000;
    Frame stays = Frame.text("stays");
    Frame[] all = new Frame[8];
    for (int i = 0; i < all.length; i++) {
      all[i] = Frame.text("frame " + i);
    }
    for (int i = 0; i < queued / 2; i++) {
      ring.add(stays, Mark.ESSENTIAL);
    }
    for (int i = 0; i < queued / 2; i++) {
      ring.add(all[i % all.length], Mark.EXPENDABLE);
    }
    long bytes = ring.bytes();
    for (int i = queued / 2; i < queued / 2 + dropped; i++) {
      Frame next = all[i % all.length];
      ring.shrinkTo(bytes - FrameRing.cost(next));
      ring.add(next, Mark.EXPENDABLE);
    }
    assertEquals(bytes, ring.bytes());
    assertEquals(queued / 2, ring.shrinkTo(queued / 2 * FrameRing.cost(stays) - 1));
    assertEquals(queued / 2 * FrameRing.cost(stays), ring.bytes());
  }

  @Test
  void keepsTheOrderAcrossGrowthAndRounds() {
    List<Frame> added = new ArrayList<>();
    List<Frame> taken = new ArrayList<>();
    for (int round = 1; round < 200; round++) {
      for (int i = 0; i < round % 17; i++) {
        Frame frame = Frame.text("frame");
        ring.add(frame, Mark.ESSENTIAL);
        added.add(frame);
      }
      if (round % 3 == 0) {
        taken.addAll(take(ring));
      }
    }
    taken.addAll(take(ring));
    assertEquals(added.size(), taken.size());
    for (int i = 0; i < added.size(); i++) {
      assertSame(added.get(i), taken.get(i));
    }
  }
}
