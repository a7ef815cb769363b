package dev.roomful.examples;

import dev.roomful.Admission;
import dev.roomful.Doorman;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.Refusal;

/** Lets in whoever comes with an integer, into the room that it names. */
final class ClientIds implements Doorman {
  @Override
  public Admission admit(Handshake handshake) {
    String id = handshake.path("client_id").orElse("");
    return id.matches("-?[0-9]{1,18}")
        ? Entry.of(id, handshake.query("room").orElse("lobby"))
        : Refusal.of(400, "client_id must be an integer of at most 18 digits");
  }
}
