package dev.roomful.benchmarks;

import java.util.List;
import picocli.CommandLine.Option;

/** How the JVMs of servers are started. */
final class JvmOptions {
  @Option(
      names = "--jvm",
      split = " ",
      paramLabel = "OPTIONS",
      description = "JVM options of the servers (default: ${DEFAULT-VALUE})")
  private List<String> jvm = List.of("-Xms512m", "-Xmx2g", "-XX:+UseSerialGC");

  List<String> list() {
    return jvm;
  }
}
