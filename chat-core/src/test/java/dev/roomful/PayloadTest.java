package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void isTextOrBytesAndTheErrorNamesTheRightAccessor() {
    Payload text = Payload.text("hello");
    assertTrue(text.isText());
    assertEquals("hello", text.text());
    IllegalStateException noBytes = assertThrows(IllegalStateException.class, text::bytes);
    assertTrue(String.valueOf(noBytes.getMessage()).contains("isText()"));

    Payload bytes = Payload.bytes(new byte[] {1, 2});
    assertFalse(bytes.isText());
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), bytes.bytes());
    IllegalStateException noText = assertThrows(IllegalStateException.class, bytes::text);
    assertTrue(String.valueOf(noText.getMessage()).contains("isText()"));
  }

  @Test
  void keepsItsOwnCopyOfTheBytes() {
    byte[] array = {1, 2, 3};
    Payload ofArray = Payload.bytes(array);
    ByteBuffer buffer = ByteBuffer.wrap(array).position(1);
    Payload ofBuffer = Payload.bytes(buffer);
    array[1] = 9;
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), ofArray.bytes());
    assertEquals(ByteBuffer.wrap(new byte[] {2, 3}), ofBuffer.bytes());
    assertEquals(1, buffer.position());
    assertThrows(ReadOnlyBufferException.class, () -> ofArray.bytes().put((byte) 0));
    ofArray.bytes().get();
    assertEquals(3, ofArray.bytes().remaining());
  }

  @Test
  void isEncodedOnceForAllRecipients() {
    Payload payload = Payload.text("hello");
    List<Object> frames = new ArrayList<>();
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      for (int i = 0; i < 3; i++) {
        new FrameRecorder(frames).connect(chat.chat(), "p" + i);
      }
      chat.chat().announce(payload, chat.chat().rooms());
    }
    assertEquals(3, frames.size());
    frames.forEach(frame -> assertSame(frames.get(0), frame));
  }

  @Test
  void aBroadcastKeepsTheMessagesPayload() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      TestClient alice = chat.connect("lobby", "alice");
      alice.send("");
      alice.send("grüße 😀");
      assertEquals(List.of("", "grüße 😀"), alice.received());
      alice.send(new byte[] {0, -1});
      assertEquals(List.of(ByteBuffer.wrap(new byte[] {0, -1})), alice.receivedBytes());
    }
  }

  @Test
  void payloadsWithEqualContentAreEqual() {
    assertEquals(Payload.text("a"), Payload.text("a"));
    assertEquals(Payload.text("a").hashCode(), Payload.text("a").hashCode());
    assertEquals(Payload.bytes(new byte[] {1}), Payload.bytes(ByteBuffer.wrap(new byte[] {1})));
    assertEquals(
        Payload.bytes(new byte[] {1}).hashCode(), Payload.bytes(new byte[] {1}).hashCode());
    assertNotEquals(Payload.text("a"), Payload.text("b"));
    assertNotEquals(Payload.text("a").hashCode(), Payload.text("b").hashCode());
    assertNotEquals(
        Payload.bytes(new byte[] {1}).hashCode(), Payload.bytes(new byte[] {2}).hashCode());
    assertNotEquals(Payload.text(""), Payload.bytes(new byte[0]));
    assertEquals("hello", Payload.text("hello").toString());
    assertEquals("3 bytes", Payload.bytes(new byte[3]).toString());
  }
}
