package dev.roomful.internal.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damages records in random ways: decoding them fails in one way only. */
class MalformedRecordsTest {
  private static final int RUNS = 100_000;
  private static final int SNAPSHOT_RUNS = 3_000;

  private final LogFormatExamples examples = new LogFormatExamples();
  private final RoomCodec codec = examples.fixture.codec;
  private final Random random = new Random(1);
  private int rejected;

  @Tag("slow")
  @Test
  void damagedEntriesAreDecodedOrRejected() {
    List<byte[]> records = new ArrayList<>();
    examples.events().values().forEach(event -> records.add(codec.encode(event, "epoch")));
    for (int i = 0; i < RUNS; i++) {
      byte[] damaged = damaged(any(records), any(records));
      decode(damaged, () -> codec.encode(codec.decode(damaged).event(), "epoch"));
    }
    assertTrue(rejected > RUNS / 10 && rejected < RUNS, rejected + " were rejected");
  }

  @Test
  void damagedSnapshotsAreRestoredOrRejectedAndLeaveTheStateAsItWas() {
    byte[] snapshot = codec.snapshot(examples.state());
    RoomState state = examples.fixture.restored(snapshot);
    String before = RoomCodec.digest(state);
    for (int i = 0; i < SNAPSHOT_RUNS; i++) {
      byte[] damaged = damaged(snapshot, snapshot);
      if (decode(damaged, () -> codec.restore(state, damaged))) {
        codec.restore(state, snapshot);
      }
      assertEquals(before, RoomCodec.digest(state));
    }
    assertTrue(rejected > SNAPSHOT_RUNS / 10 && rejected < SNAPSHOT_RUNS, rejected + " rejected");
  }

  private boolean decode(byte[] damaged, Runnable decoding) {
    try {
      decoding.run();
      return true;
    } catch (IllegalArgumentException malformed) {
      rejected++;
      return false;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError wrong) {
      return fail(HexFormat.of().formatHex(damaged), wrong);
    }
  }

  private byte[] any(List<byte[]> records) {
    return records.get(random.nextInt(records.size()));
  }

  private byte[] damaged(byte[] record, byte[] other) {
    byte[] damaged = record.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(damaged.length + 1);
      damaged =
          switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(damaged, at);
            case 1 -> joined(damaged, at, new byte[] {(byte) random.nextInt()}, at);
            case 2 -> joined(damaged, at, new byte[0], random.nextInt(damaged.length + 1));
            case 3 -> {
              int from = random.nextInt(other.length);
              int to = from + random.nextInt(other.length - from);
              yield joined(damaged, at, Arrays.copyOfRange(other, from, to), at);
            }
            default -> {
              if (at < damaged.length) {
                damaged[at] = (byte) (damaged[at] ^ 1 << random.nextInt(8));
              }
              yield damaged;
            }
          };
    }
    return damaged;
  }

  /** The beginning of a record, other bytes, and the record from an index. */
  private static byte[] joined(byte[] record, int before, byte[] middle, int from) {
    byte[] joined = Arrays.copyOf(record, before + middle.length + record.length - from);
    System.arraycopy(middle, 0, joined, before, middle.length);
    System.arraycopy(record, from, joined, before + middle.length, record.length - from);
    return joined;
  }
}
