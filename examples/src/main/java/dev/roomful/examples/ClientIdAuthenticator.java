package dev.roomful.examples;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;

/** Accepts every client whose id is an integer, to the room that its query names. */
final class ClientIdAuthenticator implements Authenticator {
  @Override
  public Admission authenticate(Handshake handshake) {
    String id = handshake.path("client_id").orElse("");
    return id.matches("-?[0-9]{1,18}")
        ? AcceptedAdmission.of(id, handshake.query("room").orElse("lobby"))
        : Rejection.of(400, "client_id must be an integer of at most 18 digits");
  }
}
