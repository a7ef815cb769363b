package dev.roomful;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import java.util.List;
import java.util.Optional;

/**
 * How things stood in a room at the moment when a connection came in: between what was, of which a
 * part follows if it was asked for, and what is said from then on, of which all does.
 *
 * @param room the room
 * @param participant whose connection came in
 * @param position the latest message of the room then, to resume from; a room in which nothing was
 *     said has one too
 * @param recovered whether all that was said since the position that was asked for follows. It is
 *     never a part of it: false if some is trimmed or expired, if the position is of another epoch
 *     or in the future, or if it is more than half an outbox; nothing follows then. Also false if
 *     no position was given
 * @param replayed how many messages follow, those for other listeners not counted
 * @param participants who was there, the newcomer included, in the order in which they came; nobody
 *     if the newcomer's role may not {@link Role.Action#SEE_PARTICIPANTS}
 * @param resumed whether it took the place of a connection that was lost, see {@link
 *     AcceptedAdmission#withResumeSecret}
 * @param resumeSecret what the client shows to resume from here when its connection is lost; empty
 *     if places are not kept ({@link Limits#resumeWindow}). Whoever has it and passes the doorman
 *     under the same id is taken for this client: for its ears only
 */
public record JoinInfo(
    Room room,
    Participant participant,
    Position position,
    boolean recovered,
    int replayed,
    List<Participant> participants,
    boolean resumed,
    Optional<String> resumeSecret) {

  /** Without the secret, which is not for logs. */
  @Override
  public String toString() {
    return participant + " into " + room + " at " + position + (resumed ? ", resumed" : "");
  }

  /** What a connection is told when it comes into a room; the application's, and a room's. */
  @FunctionalInterface
  public interface WelcomeMessage {
    /**
     * Says what the connection hears first, ahead of missed and live messages. Called on the thread
     * that brings the connection, with no lock held; what is said meanwhile waits behind it, so be
     * quick. If it throws, the connection is closed with {@link CloseStatus#FAILED}.
     *
     * @param joinInfo how things stand
     * @return the first message
     */
    Payload payloadFor(JoinInfo joinInfo);
  }
}
