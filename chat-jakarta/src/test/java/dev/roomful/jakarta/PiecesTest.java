package dev.roomful.jakarta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PiecesTest {
  private static final int LIMIT = 10;

  private final List<String> heard = new ArrayList<>();
  private final Pieces pieces = new Pieces(new Hearing(heard), LIMIT);

  private void binary(String piece, boolean last) {
    ByteBuffer containers = ByteBuffer.wrap(piece.getBytes(UTF_8));
    pieces.binary(containers, last);
    // As a container does that reads the next piece into the same buffer.
    containers.clear().put(new byte[containers.capacity()]);
  }

  @Test
  void aMessageInOnePieceIsGivenAsItIs() {
    pieces.text("hello", true);
    binary("bytes", true);
    assertEquals(List.of("text hello", "binary bytes"), heard);
  }

  @Test
  void aMessageIsGivenWhenItsLastPieceHasCome() {
    pieces.text("he", false);
    pieces.text("l", false);
    binary("by", false);
    assertEquals(List.of(), heard);
    pieces.text("lo", true);
    binary("tes", true);
    assertEquals(List.of("text hello", "binary bytes"), heard);
  }

  @Test
  void emptyMessagesAndEmptyPiecesAreMessagesAndPieces() {
    pieces.text("", true);
    pieces.text("", false);
    pieces.text("a", false);
    pieces.text("", true);
    binary("", true);
    binary("b", false);
    binary("", true);
    assertEquals(List.of("text ", "text a", "binary ", "binary b"), heard);
  }

  @Test
  void nothingIsLeftForTheNextMessage() {
    for (int i = 0; i < 3; i++) {
      pieces.text("ab", false);
      pieces.text("c", true);
      binary("ab", false);
      binary("c", true);
    }
    assertEquals(3, heard.stream().filter("text abc"::equals).count());
    assertEquals(3, heard.stream().filter("binary abc"::equals).count());
    assertEquals(6, heard.size());
  }

  @Test
  void aSurrogatePairMayBeSplitOverPieces() {
    pieces.text("\uD83D", false);
    pieces.text("\uDE00", true);
    assertEquals(List.of("text \uD83D\uDE00"), heard);
  }

  @Test
  void aMessageOfExactlyTheLimitPasses() {
    pieces.text("12345", false);
    pieces.text("67890", true);
    binary("12345", false);
    binary("67890", true);
    assertEquals(List.of("text 1234567890", "binary 1234567890"), heard);
  }

  @Test
  void aTextAboveTheLimitIsGivenOnceSoThatTheChatSeesItAndTheRestIsDropped() {
    pieces.text("1234567890", false);
    assertEquals(List.of(), heard);
    pieces.text("1", false);
    pieces.text("more and more", false);
    pieces.text("and the last", true);
    pieces.text("another", true);
    assertEquals(List.of("text 12345678901"), heard);
  }

  @Test
  void bytesAboveTheLimitAreGivenOnceSoThatTheChatSeesThemAndTheRestIsDropped() {
    binary("1234567890", false);
    binary("1", false);
    binary("more and more", true);
    binary("another", true);
    assertEquals(List.of("binary 12345678901"), heard);
  }

  @Test
  void theMemoryOfALargeMessageIsGivenBack() {
    int limit = 2 << 20;
    String half = "\u00fc\u0416".repeat(limit / 8); // two bytes a character on the heap
    byte[] bytes = new byte[limit / 2];
    long before = used();
    List<Pieces> connections = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      Pieces connection = new Pieces(new Hearing(new ArrayList<>(0)), limit);
      connection.text(half, false);
      connection.text("", true);
      connection.binary(ByteBuffer.wrap(bytes), false);
      connection.binary(ByteBuffer.allocate(0), true);
      connections.add(connection);
    }
    long kept = (used() - before) / connections.size();
    assertTrue(kept < limit / 8, () -> "each connection keeps " + kept + " bytes");
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Writes down short messages; of long ones only that they came. */
  private record Hearing(List<String> heard) implements Receiver {
    @Override
    public void text(String text) {
      heard.add("text " + (text.length() < 100 ? text : "..."));
    }

    @Override
    public void binary(ByteBuffer bytes) {
      heard.add("binary " + (bytes.remaining() < 100 ? UTF_8.decode(bytes) : "..."));
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
