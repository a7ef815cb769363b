package dev.roomful.internal.room;

import dev.roomful.internal.delivery.Outbox;
import dev.roomful.protocol.PresenceOptions;
import dev.roomful.protocol.Protocol;
import org.jspecify.annotations.Nullable;

/** The subscription of one connection to one room. */
public final class Subscription {
  public final LiveRoom room;
  public final Member member;
  public final RoomSession session;

  /** The outbox of the session, one step nearer for the fan-out. */
  public final Outbox outbox;

  /** The protocol of the connection; null for plain text. */
  public final @Nullable Protocol protocol;

  /** Which presence events the connection causes and receives. */
  public final PresenceOptions presenceOptions;

  /** Its place in the room's array; guarded by the room. */
  int index;

  /** The number of the first change of presence that it receives; guarded by the room. */
  long firstPresenceChange;

  /** Whether this node has appended that it leaves; guarded by the room. */
  boolean leaving;

  /** Whether its connection has closed and its member leaves later; guarded by the room. */
  boolean leaveDelayed;

  public Subscription(
      LiveRoom room, Member member, RoomSession session, PresenceOptions presenceOptions) {
    this.room = room;
    this.member = member;
    this.session = session;
    this.outbox = session.outbox();
    this.protocol = session.protocol();
    this.presenceOptions = presenceOptions;
  }

  /** Whether its member's role may see the participants; guarded by the room. */
  boolean seesParticipants() {
    return member.state().seesParticipants();
  }
}
