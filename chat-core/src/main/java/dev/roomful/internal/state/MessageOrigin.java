package dev.roomful.internal.state;

import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.admission.Credential;

/** The connection on this node that a message came from. */
public interface MessageOrigin {
  /** {@return whose connection it is} */
  Participant participant();

  /** Sends a payload to this connection alone, or to the one that resumed it. */
  Outcome sendDirect(Payload payload);

  /** Replaces the credential of this connection. */
  Outcome renew(Credential credential);
}
