package dev.roomful.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Payload;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts and bytes of all sizes arrive unchanged, however they are split into frames. */
abstract class EncodingCases extends DeliveryCases {
  /**
   * Where lengths are written in another way, buffers end, and limits are; the last is the limit.
   */
  private static final int[] SIZES = {
    1, 2, 124, 125, 126, 127, 128, 1023, 1024, 1025, 4095, 4096, 4097, 8191, 8192, 8193, 16_383,
    16_384, 16_385, 32_767, 32_768, 65_533, 65_534, 65_535, 65_536
  };

  @Test
  @Rule("1.3")
  void textOfOneByteCharactersIsEchoedInEverySize() throws Exception {
    assertComesBackInEverySize("a");
  }

  @Test
  @Rule("1.3")
  void textOfTwoByteCharactersIsEchoedInEverySize() throws Exception {
    assertComesBackInEverySize("ä");
  }

  @Test
  @Rule("1.3")
  void textOfThreeByteCharactersIsEchoedInEverySize() throws Exception {
    assertComesBackInEverySize("€");
  }

  @Test
  @Rule("1.3")
  void textOfFourByteCharactersIsEchoedInEverySize() throws Exception {
    assertComesBackInEverySize("😀");
  }

  private void assertComesBackInEverySize(String character) throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    for (int size : SIZES) {
      String text = textOf(size, character);
      ann.text(text);
      assertTrue(text.equals(ann.nextText()), () -> size + " bytes of " + character);
    }
  }

  /** The fill comes first, so that the characters end with the text, wherever that ends. */
  private static String textOf(int bytes, String character) {
    int width = character.getBytes(UTF_8).length;
    return "b".repeat(bytes % width) + character.repeat(bytes / width);
  }

  @Test
  @Rule("1.3")
  void charactersAcrossTheEdgesOfBuffersStayWhole() throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    for (int shift = 0; shift < 10; shift++) {
      String text = "b".repeat(shift) + "ä€😀b".repeat(6500);
      ann.text(text);
      assertTrue(text.equals(bob.nextText()), "shifted by " + shift);
      ann.fragments(text, 4096 - shift, 1, 8192, 3);
      assertTrue(text.equals(bob.nextText()), "in fragments, shifted by " + shift);
    }
  }

  @Test
  @Rule("1.3")
  void emptyTextAndEmptyBytesAreMessages() throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    Peer bob = enter("hall", "bob");
    ann.text("");
    ann.binary(new byte[0]);
    ann.fragments("", 0, 0);
    ann.text("end");
    assertEquals(new Received.Text(""), bob.poll(PATIENCE));
    assertEquals(new Received.Binary(""), bob.poll(PATIENCE));
    assertEquals(List.of("", "end"), bob.texts(2));
  }

  @Test
  @Rule("1.3")
  void bytesAreEchoedAsBytesInEverySize() throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    for (int size : SIZES) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      ann.binary(bytes);
      assertArrayEquals(bytes, nextBytes(ann), size + " bytes");
    }
  }

  private static byte[] nextBytes(Peer peer) {
    if (peer.poll(PATIENCE) instanceof Received.Binary message) {
      return message.bytes();
    }
    throw new AssertionError("expected a binary message");
  }

  @Test
  @Rule("1.3")
  void aCharacterMayBeSplitBetweenFragments() throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    String text = "ä€😀z";
    int length = text.getBytes(UTF_8).length;
    for (int cut = 0; cut <= length; cut++) {
      ann.fragments(text, cut);
      assertEquals(text, ann.nextText(), "cut after " + cut + " bytes");
    }
    ann.fragments(text, IntStream.range(0, length).map(i -> 1).toArray());
    assertEquals(text, ann.nextText(), "in single bytes");
  }

  @Test
  @Rule("2.1")
  void largeMessagesOfTheServerArriveWhole() throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    byte[] bytes = new byte[200_000];
    new Random(1).nextBytes(bytes);
    String text = textOf(200_000, "€");
    for (int i = 0; i < 3; i++) {
      room("hall").announce(text);
      room("hall").announce("small");
      room("hall").announce(Payload.bytes(bytes));
      assertTrue(text.equals(ann.nextText()));
      assertEquals("small", ann.nextText());
      assertArrayEquals(bytes, nextBytes(ann));
    }
  }

  @Test
  @Rule("3.4")
  void aPingIsAnsweredWithItsPayload() throws Exception {
    open(new CaseHandler());
    Peer ann = enter("hall", "ann");
    for (String hex : List.of("", "00ff7f", "61".repeat(125))) {
      ann.ping(HexFormat.of().parseHex(hex));
      assertEquals(new Received.Pong(hex), ann.poll(PATIENCE));
    }
    ann.text("and on");
    assertEquals("and on", ann.nextText());
  }
}
