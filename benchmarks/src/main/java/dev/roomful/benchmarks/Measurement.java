package dev.roomful.benchmarks;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * What one server did in one scenario.
 *
 * @param deliveries copies that reached other members within the measured time
 * @param serverCpu what the server's process used meanwhile
 * @param framesPerRead how many frames a client found at once, which tells how many were written at
 *     once
 * @param lost copies that were never seen
 * @param wrong copies that came twice, out of order or in another room
 */
record Measurement(
    long deliveries,
    Duration time,
    Duration serverCpu,
    Latencies latencies,
    double framesPerRead,
    long lost,
    long wrong) {
  double perSecond() {
    return deliveries / seconds(time);
  }

  double perCpuSecond() {
    return deliveries / Math.max(0.01, seconds(serverCpu));
  }

  double cpuMicros() {
    return 1e6 / perCpuSecond();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /** Of several rounds, the one in the middle; with the troubles of all. */
  static Measurement median(List<Measurement> rounds) {
    Measurement middle =
        rounds.stream()
            .sorted(Comparator.comparingDouble(Measurement::perCpuSecond))
            .toList()
            .get(rounds.size() / 2);
    return new Measurement(
        middle.deliveries,
        middle.time,
        middle.serverCpu,
        middle.latencies,
        middle.framesPerRead,
        rounds.stream().mapToLong(Measurement::lost).sum(),
        rounds.stream().mapToLong(Measurement::wrong).sum());
  }
}
