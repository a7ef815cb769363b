package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Payload;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Position;
import dev.roomful.internal.delivery.Outbox;
import dev.roomful.internal.delivery.Recipient;
import dev.roomful.internal.state.MessageOrigin;
import dev.roomful.protocol.Protocol;
import dev.roomful.protocol.ProtocolHandler;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A session as rooms and participants see it: one connection from open to close. */
public interface RoomSession extends Recipient, MessageOrigin {
  /** {@return the number of the session; later sessions have larger numbers} */
  long number();

  /** {@return the connection's id, unique among all chats} */
  String id();

  @Override
  LiveParticipant participant();

  /** {@return the queue of frames for the connection} */
  Outbox outbox();

  /** {@return the protocol of the connection, or null for plain text} */
  @Nullable Protocol protocol();

  /** {@return the handler of the connection's protocol, or null for plain text} */
  @Nullable ProtocolHandler protocolHandler();

  /** Adds a subscription, unless the session is closed; called with the room's lock held. */
  boolean addSubscription(Subscription subscription);

  /** The session is in its room, and the place of its welcome message, if any, is reserved. */
  void joined();

  /** Removes a subscription. */
  void removeSubscription(Subscription subscription);

  /** {@return the rooms of its subscriptions} */
  List<LiveRoom> rooms();

  /** {@return whether a plain text connection publishes in this room} */
  boolean isPrimaryRoom(LiveRoom room);

  /** {@return whether it takes the place of sessions of the same client} */
  boolean isResumption();

  /** A message of this connection is being published; called within a callback only. */
  void publishing(CompletionStage<Position> stage);

  /** {@return the connections to another node whose place it takes} */
  List<String> replacedConnectionIds();

  /**
   * Waits until what is sent to the participant on any node reaches this session. {@return false if
   * the cluster engine has not answered in time}
   */
  boolean awaitKnownToCluster();

  /** {@return the secret with which the client can resume, or null} */
  @Nullable String resumeSecret();

  /** {@return whether it can be resumed with this secret} */
  boolean hasResumeSecret(String candidate);

  /** {@return whether it is closed, but its client may resume} */
  boolean isSuspended();

  /** {@return whether another session of the same client has taken its place} */
  boolean isResumed();

  /** {@return the session that has taken its place in the end, or this one} */
  RoomSession latest();

  @Override
  Outcome sendDirect(Payload payload);

  @Override
  Outcome renew(Credential credential);

  /**
   * Closes the session, unless it is closed: removes it from all rooms and closes the connection.
   * The participant's callbacks must be run afterwards.
   *
   * @return whether this call closed it
   */
  boolean close(CloseStatus status, SessionCloseMode mode);

  /** Ends a suspension: removes the session from all rooms for good. */
  void endSuspension(CloseStatus status);
}
