package dev.roomful.benchmarks;

import java.time.Duration;

/**
 * The number of clients and what they publish.
 *
 * @param rooms the number of rooms
 * @param members the number of members of each room; if there is one, its replies count as
 *     deliveries
 * @param publishers the number of members of each room that publish
 * @param perSecond the messages a second of each publisher, or 0 for a closed loop
 * @param inFlight in a closed loop, the maximum number of messages of a publisher that some members
 *     have not received yet
 * @param payload the bytes of a message
 * @param warmUp the time before the measurement
 * @param duration the time of the measurement
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
    if (rooms < 1 || members < 1 || publishers < 1 || publishers > members) {
      throw new IllegalArgumentException(
          "choose at least 1 room, 1 member and 1 publisher among the members, not "
              + rooms
              + ", "
              + members
              + " and "
              + publishers);
    }
    if (payload < WireFormat.MIN_LENGTH) {
      throw new IllegalArgumentException(
          "the size is "
              + payload
              + " bytes, too few for the number and the time in each message: choose at least "
              + WireFormat.MIN_LENGTH);
    }
    if (inFlight < 1 || perSecond < 0) {
      throw new IllegalArgumentException(
          "choose at least 1 message in flight and a rate of at least 0, not "
              + inFlight
              + " and "
              + perSecond);
    }
  }

  /** {@return whether each client is alone and receives replies only} */
  boolean isEcho() {
    return members == 1;
  }

  /** {@return the number of copies of a message that are delivered} */
  int copies() {
    return Math.max(1, members - 1);
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
        "%d \u00d7 %d members, %d publishers in a room, %d bytes, %s",
        rooms, members, publishers, payload, pace);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
