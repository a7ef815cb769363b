package dev.roomful.benchmarks;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The result of one server in one scenario.
 *
 * @param deliveries the number of copies that other members received during the measurement
 * @param time the duration of the measurement
 * @param serverCpu the processor time of the server's process during the measurement
 * @param latencies the times from publishing to receiving
 * @param framesPerRead the mean number of frames in a client's read, an estimate of the frames in a
 *     write
 * @param lost the number of copies that did not arrive
 * @param wrong the number of copies that arrived twice, out of order or in another room
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

  /** {@return the median by throughput, with the lost and wrong copies of all rounds} */
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
