package dev.roomful.benchmarks;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.profile.StackProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures the core alone, with JMH and its gc profiler: time and allocated bytes for one message,
 * and for one recipient of it.
 *
 * <pre>
 * java -jar benchmarks/target/benchmarks.jar jmh                      # all, six minutes
 * java -jar benchmarks/target/benchmarks.jar jmh FanOut --members 1000
 * java -jar benchmarks/target/benchmarks.jar jmh withWriteLoopThreads twoPublishers --write-loops 8
 * </pre>
 */
@Command(
    name = "jmh",
    description =
        "Measures the core alone: time and allocated bytes for a message and a recipient.",
    mixinStandardHelpOptions = true)
final class JmhTable implements Callable<Integer> {
  private static final int LISTED_IDS = 10;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATTERN",
      description =
          "benchmarks to run: FanOut, JoinLeave, Observer, Policy, Publish, or a method (default:"
              + " all)")
  private List<String> patterns = List.of("dev.roomful.benchmarks");

  @Option(
      names = "--members",
      split = ",",
      paramLabel = "N",
      description =
          "members in the room (default: 1,10,100,1000,10000; Policy: 1000, Publish: 2,10,1000)")
  private @Nullable List<String> members;

  @Option(
      names = "--write-loops",
      paramLabel = "N",
      description =
          "write loops of FanOut's withWriteLoopThreads and twoPublishers (default: one for each"
              + " processor)")
  private int writeLoops;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "seconds of an iteration (default: ${DEFAULT-VALUE})")
  private int seconds = 1;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "measured iterations, after 3 for the warm-up (default: ${DEFAULT-VALUE})")
  private int iterations = 4;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "also writes the table to a file, as Markdown")
  private @Nullable Path markdown;

  @Option(
      names = "--stack",
      description = "prints the most frequent stack traces (JMH's stack profiler)")
  private boolean stack;

  @Option(names = "--verbose", description = "prints the output of JMH")
  private boolean verbose;

  @Override
  public Integer call() throws Exception {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(seconds))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.seconds(seconds))
            .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC")
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(verbose || stack ? VerboseMode.NORMAL : VerboseMode.SILENT);
    patterns.forEach(options::include);
    if (members != null) {
      options.param("members", members.toArray(String[]::new));
    }
    if (writeLoops > 0) {
      // A chat has a write loop for each processor that its JVM sees.
      options.jvmArgsAppend("-XX:ActiveProcessorCount=" + writeLoops);
    }
    if (stack) {
      options.addProfiler(StackProfiler.class, "lines=12;top=5");
    }
    Table table = table(new Runner(options.build()).run());
    System.out.print(table.text());
    if (markdown != null) {
      table.writeMarkdown(markdown);
    }
    return 0;
  }

  private static Table table(Collection<RunResult> results) {
    Table table =
        new Table(
            "benchmark",
            "members",
            "ns/message",
            "\u00b1",
            "ns/recipient",
            "B/message",
            "B/recipient");
    Map<String, RunResult> sorted = new TreeMap<>();
    for (RunResult result : results) {
      sorted.put(String.format("%s %6s", name(result), members(result)), result);
    }
    for (RunResult result : sorted.values()) {
      Result<?> time = result.getPrimaryResult();
      double bytes =
          Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm")).getScore();
      double error = time.getStatistics().getStandardDeviation();
      // Several threads publish at the same time: each one takes that many times as long.
      double nanos = time.getScore() / result.getParams().getThreads();
      int recipients = recipients(result);
      table.add(
          name(result),
          members(result),
          number(nanos),
          number(error),
          recipients == 0 ? "" : number(nanos / recipients),
          number(bytes),
          recipients == 0 ? "" : number(bytes / recipients));
    }
    return table;
  }

  private static String name(RunResult result) {
    String method = result.getParams().getBenchmark().replaceFirst(".*\\.", "");
    String variant = result.getParams().getParam("policy");
    if (variant == null) {
      variant = result.getParams().getParam("protocol");
    }
    if (variant == null) {
      variant = result.getParams().getParam("observer");
    }
    return variant == null ? method : method + " " + variant.toLowerCase(Locale.ROOT);
  }

  private static String members(RunResult result) {
    return result.getParams().getParam("members");
  }

  /** {@return the number of recipients of a message, or 0 if the benchmark publishes none} */
  private static int recipients(RunResult result) {
    if (result.getParams().getBenchmark().contains("JoinLeave")) {
      return 0;
    }
    int members = Integer.parseInt(members(result));
    if (result.getParams().getParam("protocol") != null) {
      return members - 1;
    }
    String policy = String.valueOf(result.getParams().getParam("policy"));
    return switch (policy) {
      case "ONLY_10" -> LISTED_IDS;
      case "EXCEPT_10" -> members - LISTED_IDS;
      case "EXCLUDING_SENDER", "EXCLUDING_ORIGIN" -> members - 1;
      default -> members;
    };
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }
}
