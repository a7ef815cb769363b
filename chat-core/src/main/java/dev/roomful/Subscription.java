package dev.roomful;

import dev.roomful.protocol.PresenceOptions;
import dev.roomful.protocol.Protocol;
import org.jspecify.annotations.Nullable;

/** One connection's place in one room. */
final class Subscription {
  final Room room;
  final Member member;
  final Session session;

  /** The visit's, one step nearer for the fan-out. */
  final Outbox outbox;

  /** What is spoken there; null for plain text. */
  final @Nullable Protocol protocol;

  /** What others see of it, and it of them. */
  final PresenceOptions presenceOptions;

  /** Its place in the room's array; guarded by the room. */
  int index;

  Subscription(Room room, Member member, Session session, PresenceOptions presenceOptions) {
    this.room = room;
    this.member = member;
    this.session = session;
    this.outbox = session.outbox();
    this.protocol = session.protocol();
    this.presenceOptions = presenceOptions;
  }
}
