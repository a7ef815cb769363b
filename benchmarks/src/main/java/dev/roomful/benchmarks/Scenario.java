package dev.roomful.benchmarks;

import java.time.Duration;

/**
 * What the clients do.
 *
 * @param members in each room
 * @param publishers in each room, among its members
 * @param perSecond messages a second of each speaker, 0 for as fast as they are delivered
 * @param inFlight without a pace: messages of a speaker of which copies are missing, at most
 * @param payload bytes that a speaker says
 */
record Scenario(
    int rooms,
    int members,
    int publishers,
    double perSecond,
    int inFlight,
    int payload,
    Duration warmUp,
    Duration duration) {
  Scenario {
    if (rooms < 1 || members < 2 || publishers < 1 || publishers > members) {
      throw new IllegalArgumentException(
          "at least one room, two members in it and one of them a speaker, not "
              + rooms
              + ", "
              + members
              + " and "
              + publishers);
    }
    if (payload < WireFormat.MIN_LENGTH) {
      throw new IllegalArgumentException(
          "a payload of "
              + payload
              + " bytes has no room for the clock: at least "
              + WireFormat.MIN_LENGTH);
    }
    if (inFlight < 1 || perSecond < 0) {
      throw new IllegalArgumentException("in flight " + inFlight + ", per second " + perSecond);
    }
  }

  boolean paced() {
    return perSecond > 0;
  }

  Scenario rooms(int count) {
    return new Scenario(count, members, publishers, perSecond, inFlight, payload, warmUp, duration);
  }

  Scenario members(int count) {
    return new Scenario(
        rooms, count, Math.min(publishers, count), perSecond, inFlight, payload, warmUp, duration);
  }

  Scenario payload(int bytes) {
    return new Scenario(rooms, members, publishers, perSecond, inFlight, bytes, warmUp, duration);
  }

  @Override
  public String toString() {
    String pace =
        paced()
            ? String.format("%s messages a second from each", number(perSecond))
            : String.format("closed loop of %d in flight", inFlight);
    return String.format(
        "%d \u00d7 %d members, %d speakers in a room, %d bytes, %s",
        rooms, members, publishers, payload, pace);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
