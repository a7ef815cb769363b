package dev.roomful.jakarta;

import dev.roomful.admission.AcceptedAdmission;
import org.jspecify.annotations.Nullable;

/**
 * The admission of an accepted handshake, waiting for the connection to open. It is taken once: a
 * container keeps the configuration of an upgrade as long as the connection lives, and the
 * admission must not live as long, since it may refer to the handshake.
 */
final class AcceptedHandshake {
  private final ServerBinding binding;
  private final @Nullable String remoteAddress;
  private final @Nullable HttpSessionRegistry httpSession;
  private @Nullable AcceptedAdmission admission; // guarded by this

  /**
   * @param binding how the connection is read and written
   * @param remoteAddress the address of the client, if it is known
   * @param httpSession the connections of the HTTP session that the connection ends with, if any
   */
  AcceptedHandshake(
      AcceptedAdmission admission,
      ServerBinding binding,
      @Nullable String remoteAddress,
      @Nullable HttpSessionRegistry httpSession) {
    this.admission = admission;
    this.binding = binding;
    this.remoteAddress = remoteAddress;
    this.httpSession = httpSession;
  }

  ServerBinding binding() {
    return binding;
  }

  @Nullable String remoteAddress() {
    return remoteAddress;
  }

  @Nullable HttpSessionRegistry httpSession() {
    return httpSession;
  }

  /** Returns the admission at the first call, and null afterwards. */
  synchronized @Nullable AcceptedAdmission take() {
    AcceptedAdmission taken = admission;
    admission = null;
    return taken;
  }
}
