package dev.roomful;

/** Tells who came, as in "+ann", and who went, as in "-ann". */
final class ComingsAndGoings implements Notices {
  @Override
  public Payload joined(Room room, Participant who) {
    return Payload.text("+" + who.id());
  }

  @Override
  public Payload left(Room room, Participant who) {
    return Payload.text("-" + who.id());
  }
}
