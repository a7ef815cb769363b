package dev.roomful.internal.room;

import dev.roomful.internal.delivery.Outbox;
import dev.roomful.protocol.PresenceOptions;
import dev.roomful.protocol.Protocol;
import org.jspecify.annotations.Nullable;

/** One connection's place in one room. */
public final class Subscription {
  public final LiveRoom room;
  public final Member member;
  public final RoomSession session;

  /** The outbox of the session, one step nearer for the fan-out. */
  public final Outbox outbox;

  /** What is spoken there; null for plain text. */
  public final @Nullable Protocol protocol;

  /** What others see of it, and it of them. */
  public final PresenceOptions presenceOptions;

  /** Its place in the room's array; guarded by the room. */
  int index;

  public Subscription(
      LiveRoom room, Member member, RoomSession session, PresenceOptions presenceOptions) {
    this.room = room;
    this.member = member;
    this.session = session;
    this.outbox = session.outbox();
    this.protocol = session.protocol();
    this.presenceOptions = presenceOptions;
  }
}
