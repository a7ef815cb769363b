package dev.roomful.admission;

import java.util.UUID;

/**
 * Decides before the upgrade who enters, as whom and where, or refuses with a status and a reason.
 *
 * <p>It runs on the server's thread that handles the handshake, many at once, with no lock held,
 * and may block: other connections go on. A doorman that throws refuses with status 500, and is
 * logged.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * Decides about one handshake. The origin was checked before.
   *
   * @param handshake what the client asks for
   * @return an {@link AcceptedAdmission} or a {@link Rejection}
   */
  Admission authenticate(Handshake handshake);

  /**
   * Welcomes everybody, each connection as a participant of its own with a random id, into the room
   * that the path parameter {@code room} or else the query parameter {@code room} names, or else
   * into {@code lobby}.
   *
   * @return the doorman of a chat that sets none
   */
  static Authenticator acceptAll() {
    return handshake ->
        AcceptedAdmission.of(
            UUID.randomUUID().toString(),
            handshake.path("room").or(() -> handshake.query("room")).orElse("lobby"));
  }
}
