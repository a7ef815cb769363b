package dev.roomful;

/** One connection's place in one room. */
final class Seat {
  final Room room;
  final Member member;
  final Visit visit;

  /** The visit's, one step nearer for the fan-out. */
  final Outbox outbox;

  /** Its place in the room's array; guarded by the room. */
  int index;

  Seat(Room room, Member member, Visit visit) {
    this.room = room;
    this.member = member;
    this.visit = visit;
    this.outbox = visit.outbox();
  }
}
