package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.roomful.Admission;
import dev.roomful.Entry;
import dev.roomful.Refusal;
import dev.roomful.testing.TestHandshake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdsTest {
  private final ClientIds doorman = new ClientIds();

  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "-7", "1767225600000", "999999999999999999"})
  void anIntegerIsLetInAsItself(String id) {
    Entry entry =
        assertInstanceOf(
            Entry.class, doorman.admit(TestHandshake.create().withPath("client_id", id)));
    assertEquals(id, entry.id());
    assertEquals("lobby", entry.room());
  }

  @Test
  void theQueryNamesTheRoom() {
    TestHandshake knock = TestHandshake.create().withPath("client_id", "7");
    Entry entry = assertInstanceOf(Entry.class, doorman.admit(knock.withQuery("room", "kitchen")));
    assertEquals("kitchen", entry.room());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "1.5", "1e3", "+1", "--1", " 1", "1\n", "٣", "1000000000000000000"})
  void anythingElseIsRefused(String id) {
    Admission answer = doorman.admit(TestHandshake.create().withPath("client_id", id));
    assertEquals(Refusal.of(400, "client_id must be an integer of at most 18 digits"), answer);
  }

  @Test
  void noIdIsRefused() {
    Refusal refusal = assertInstanceOf(Refusal.class, doorman.admit(TestHandshake.create()));
    assertEquals(400, refusal.status());
  }
}
