package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import java.util.List;
import java.util.Optional;

/**
 * The state of a room at the moment when a connection joined it. The requested history follows,
 * then every later message. Applications receive it in a {@link WelcomeMessage} and do not
 * implement it.
 */
public interface JoinInfo {
  /** {@return the room} */
  Room room();

  /** {@return the participant whose connection joined} */
  Participant participant();

  /** {@return the position of the newest message at that moment, to resume from later} */
  Position position();

  /**
   * Returns whether all messages after the requested position follow.
   *
   * @return false if no position was requested, or if some messages after it are not stored any
   *     more, the position is of another epoch or in the future, or the messages are larger than
   *     half of an outbox; nothing is replayed then
   */
  boolean recovered();

  /** {@return how many messages follow; those for other recipients are not counted} */
  int replayed();

  /**
   * Returns who was in the room.
   *
   * @return the participants in the order in which they joined, the new one included; empty if its
   *     role may not {@link Role.Action#SEE_PARTICIPANTS}
   */
  List<Participant> participants();

  /**
   * {@return whether it resumed a lost connection, see {@link AcceptedAdmission#withResumeSecret}}
   */
  boolean resumed();

  /**
   * Returns the secret with which this client can resume when its connection is lost. Send it to
   * this client only: whoever has it and passes the authenticator with the same id resumes this
   * session.
   *
   * @return the secret; empty if {@link Limits#resumeWindow} is zero
   */
  Optional<String> resumeSecret();
}
