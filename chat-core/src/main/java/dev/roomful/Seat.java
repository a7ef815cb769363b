package dev.roomful;

import dev.roomful.dialect.Appearance;
import dev.roomful.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/** One connection's place in one room. */
final class Seat {
  final Room room;
  final Member member;
  final Visit visit;

  /** The visit's, one step nearer for the fan-out. */
  final Outbox outbox;

  /** What is spoken there; null for plain text. */
  final @Nullable Dialect dialect;

  /** What others see of it, and it of them. */
  final Appearance appearance;

  /** Its place in the room's array; guarded by the room. */
  int index;

  Seat(Room room, Member member, Visit visit, Appearance appearance) {
    this.room = room;
    this.member = member;
    this.visit = visit;
    this.outbox = visit.outbox();
    this.dialect = visit.dialect();
    this.appearance = appearance;
  }
}
