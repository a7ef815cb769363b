package dev.roomful.jakarta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageAssemblerTest {
  private static final int LIMIT = 10;

  private final List<String> received = new ArrayList<>();
  private final MessageAssembler assembler =
      new MessageAssembler(new RecordingReceiver(received), LIMIT);

  private void binary(String part, boolean last) {
    ByteBuffer buffer = ByteBuffer.wrap(part.getBytes(UTF_8));
    assembler.binary(buffer, last);
    // A container may read the next part into the same buffer.
    buffer.clear().put(new byte[buffer.capacity()]);
  }

  @Test
  void aMessageInOnePartIsPassedOnUnchanged() {
    assembler.text("hello", true);
    binary("bytes", true);
    assertEquals(List.of("text hello", "binary bytes"), received);
  }

  @Test
  void aMessageIsPassedOnAfterItsLastPart() {
    assembler.text("he", false);
    assembler.text("l", false);
    binary("by", false);
    assertEquals(List.of(), received);
    assembler.text("lo", true);
    binary("tes", true);
    assertEquals(List.of("text hello", "binary bytes"), received);
  }

  @Test
  void emptyMessagesAndEmptyPartsAreAccepted() {
    assembler.text("", true);
    assembler.text("", false);
    assembler.text("a", false);
    assembler.text("", true);
    binary("", true);
    binary("b", false);
    binary("", true);
    assertEquals(List.of("text ", "fragment", "text a", "binary ", "binary b"), received);
  }

  @Test
  void oneMessageLeavesNothingForTheNext() {
    for (int i = 0; i < 3; i++) {
      assembler.text("ab", false);
      assembler.text("c", true);
      binary("ab", false);
      binary("c", true);
    }
    assertEquals(3, received.stream().filter("text abc"::equals).count());
    assertEquals(3, received.stream().filter("binary abc"::equals).count());
    assertEquals(6, received.size());
  }

  @Test
  void aSurrogatePairMayBeSplitAcrossParts() {
    assembler.text("\uD83D", false);
    assembler.text("\uDE00", true);
    assertEquals(List.of("text \uD83D\uDE00"), received);
  }

  @Test
  void aMessageOfExactlyTheLimitPasses() {
    assembler.text("12345", false);
    assembler.text("67890", true);
    binary("12345", false);
    binary("67890", true);
    assertEquals(List.of("text 1234567890", "binary 1234567890"), received);
  }

  @Test
  void aTextAboveTheLimitIsPassedOnOnceAndTheRestIsDropped() {
    assembler.text("1234567890", false);
    assertEquals(List.of(), received);
    assembler.text("1", false);
    assembler.text("more and more", false);
    assembler.text("and the last", true);
    assembler.text("another", true);
    assertEquals(List.of("text 12345678901"), received);
  }

  @Test
  void bytesAboveTheLimitArePassedOnOnceAndTheRestIsDropped() {
    binary("1234567890", false);
    binary("1", false);
    binary("more and more", true);
    binary("another", true);
    assertEquals(List.of("binary 12345678901"), received);
  }

  @Test
  void emptyPartsThatCompleteNoMessageAreReported() {
    assembler.text("", false);
    assembler.text("", false);
    assembler.text("", true);
    binary("", false);
    binary("", true);
    assertEquals(List.of("fragment", "fragment", "text ", "fragment", "binary "), received);
  }

  @Test
  void smallPartsAreReportedBeyondTheFreeOnesOfTheirMessage() {
    MessageAssembler small = new MessageAssembler(new RecordingReceiver(received), 1000);
    for (int message = 0; message < 2; message++) {
      received.clear();
      for (int i = 0; i < MessageAssembler.FREE_PARTS + 3; i++) {
        small.text("x", false);
      }
      assertEquals(List.of("fragment", "fragment", "fragment"), received);
      small.text("x", true);
      received.clear();
      for (int i = 0; i < MessageAssembler.FREE_PARTS + 2; i++) {
        small.binary(ByteBuffer.allocate(1), false);
      }
      assertEquals(List.of("fragment", "fragment"), received);
      small.binary(ByteBuffer.allocate(1), true);
    }
  }

  @Test
  void partsIntoWhichAContainerSplitsALargeFrameAreNotReported() {
    MessageAssembler large = new MessageAssembler(new RecordingReceiver(received), 1 << 20);
    for (int i = 0; i < 700; i++) {
      large.text("x".repeat(1400), false); // one TCP segment of the usual size
    }
    large.text("", true);
    for (int i = 0; i < 700; i++) {
      large.binary(ByteBuffer.allocate(1400), false);
    }
    large.binary(ByteBuffer.allocate(0), true);
    assertEquals(List.of("text ...", "binary ..."), received);
  }

  @Test
  void theMemoryOfALargeMessageIsReleased() {
    int limit = 2 << 20;
    String half = "\u00fc\u0416".repeat(limit / 8); // two bytes a character on the heap
    byte[] bytes = new byte[limit / 2];
    long before = usedHeap();
    List<MessageAssembler> assemblers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      MessageAssembler largeMessages =
          new MessageAssembler(new RecordingReceiver(new ArrayList<>(0)), limit);
      largeMessages.text(half, false);
      largeMessages.text("", true);
      largeMessages.binary(ByteBuffer.wrap(bytes), false);
      largeMessages.binary(ByteBuffer.allocate(0), true);
      assemblers.add(largeMessages);
    }
    long kept = (usedHeap() - before) / assemblers.size();
    assertTrue(kept < limit / 8, () -> "each connection keeps " + kept + " bytes");
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Records short messages, and of long ones only their kind. */
  private record RecordingReceiver(List<String> received) implements Receiver {
    @Override
    public void text(String text) {
      received.add("text " + (text.length() < 100 ? text : "..."));
    }

    @Override
    public void binary(ByteBuffer bytes) {
      received.add("binary " + (bytes.remaining() < 100 ? UTF_8.decode(bytes) : "..."));
    }

    @Override
    public void fragment() {
      received.add("fragment");
    }

    @Override
    public void pong() {
      throw new AssertionError("nobody sent a pong");
    }

    @Override
    public void closed(int code, String reason) {
      throw new AssertionError("nobody closed");
    }
  }
}
