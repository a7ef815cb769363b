package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestHandshake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdAuthenticatorTest {
  private final ClientIdAuthenticator authenticator = new ClientIdAuthenticator();

  @ParameterizedTest
  @ValueSource(strings = {"0", "7", "-7", "1767225600000", "999999999999999999"})
  void anIntegerIsAcceptedAsTheParticipantId(String id) {
    AcceptedAdmission admission =
        assertInstanceOf(
            AcceptedAdmission.class,
            authenticator.authenticate(TestHandshake.create().withPath("client_id", id)));
    assertEquals(id, admission.id());
    assertEquals("lobby", admission.room());
  }

  @Test
  void theQueryNamesTheRoom() {
    TestHandshake handshake = TestHandshake.create().withPath("client_id", "7");
    AcceptedAdmission admission =
        assertInstanceOf(
            AcceptedAdmission.class,
            authenticator.authenticate(handshake.withQuery("room", "kitchen")));
    assertEquals("kitchen", admission.room());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "1.5", "1e3", "+1", "--1", " 1", "1\n", "٣", "1000000000000000000"})
  void anythingElseIsRejected(String id) {
    Admission admission =
        authenticator.authenticate(TestHandshake.create().withPath("client_id", id));
    assertEquals(Rejection.of(400, "client_id must be an integer of at most 18 digits"), admission);
  }

  @Test
  void aMissingIdIsRejected() {
    Rejection rejection =
        assertInstanceOf(Rejection.class, authenticator.authenticate(TestHandshake.create()));
    assertEquals(400, rejection.status());
  }
}
