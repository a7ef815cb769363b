package dev.roomful.admission;

import java.util.UUID;

/**
 * Decides before the WebSocket upgrade who may connect, as whom and to which room.
 *
 * <p>Called on the thread that handles the handshake, for many handshakes at once, with no lock
 * held. It may block. If it throws, the handshake is rejected with status 500 and the failure is
 * logged.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * Decides about one handshake, whose origin was checked before.
   *
   * @param handshake the request of the client
   * @return an {@link AcceptedAdmission}, a {@link Rejection}, or a {@link DeferredAdmission}
   */
  Admission authenticate(Handshake handshake);

  /**
   * Returns an authenticator that accepts every client as a participant of its own with a random
   * id. The room is the path parameter {@code room}, or else the query parameter {@code room}, or
   * else {@code lobby}.
   *
   * @return the authenticator of a chat that sets none
   */
  static Authenticator acceptAll() {
    return handshake ->
        AcceptedAdmission.of(
            UUID.randomUUID().toString(),
            handshake.path("room").or(() -> handshake.query("room")).orElse("lobby"));
  }
}
