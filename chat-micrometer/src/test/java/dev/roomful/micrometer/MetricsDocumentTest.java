package dev.roomful.micrometer;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.DocumentedTable;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of metrics in docs/monitoring.md. */
class MetricsDocumentTest {
  @Test
  void theTableOfMetricsIsThatOfTheCode() throws IOException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Chat.Builder builder =
        Chat.builder(new RoomHandler() {})
            .authenticator(handshake -> Rejection.of(401, "no ticket"))
            .observer(ChatMetrics.of(registry));
    try (TestChat chat = TestChat.of(builder)) {
      chat.admit(TestHandshake.create());
      Map<String, List<Meter.Id>> byName =
          registry.getMeters().stream()
              .map(Meter::getId)
              .collect(Collectors.groupingBy(Meter.Id::getName, TreeMap::new, Collectors.toList()));
      List<String> lines = new ArrayList<>();
      lines.add("| name | kind | unit | tags | what | in Prometheus |");
      lines.add("|---|---|---|---|---|---|");
      byName.forEach((name, ids) -> lines.add(line(name, ids, registry.scrape())));
      DocumentedTable.check("metrics", lines);
    }
  }

  private static String line(String name, List<Meter.Id> ids, String scrape) {
    Meter.Id id = ids.get(0);
    String prefix = name.replace('.', '_');
    return "| `%s` | %s | %s | %s | %s | %s |"
        .formatted(
            name,
            kind(id),
            id.getBaseUnit() == null ? "–" : id.getBaseUnit(),
            tags(ids),
            id.getDescription(),
            scrape
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceAll("[{ ].*", ""))
                .filter(series -> isOf(prefix, id, series))
                .distinct()
                .map(series -> "`" + series + "`")
                .collect(Collectors.joining(", ")));
  }

  private static boolean isOf(String prefix, Meter.Id id, String series) {
    String unit =
        id.getBaseUnit() == null || prefix.endsWith(id.getBaseUnit()) ? "" : "_" + id.getBaseUnit();
    return series.matches(prefix + unit + "(_seconds)?(_total|_count|_sum|_max)?");
  }

  private static String kind(Meter.Id id) {
    return id.getType().name().toLowerCase(Locale.ROOT);
  }

  /** Each tag with its values; those of codes, which are bounded, are described in the text. */
  private static String tags(List<Meter.Id> ids) {
    Map<String, TreeSet<String>> values = new TreeMap<>();
    for (Meter.Id id : ids) {
      for (Tag tag : id.getTags()) {
        values.computeIfAbsent(tag.getKey(), key -> new TreeSet<>()).add(tag.getValue());
      }
    }
    values.computeIfPresent(
        "attempt", (key, some) -> new TreeSet<>(List.of("handshake", "join", "message")));
    values.computeIfPresent("code", (key, some) -> new TreeSet<>(List.of("see below")));
    return values.isEmpty()
        ? "–"
        : values.entrySet().stream()
            .map(entry -> "`" + entry.getKey() + "`: " + String.join(", ", entry.getValue()))
            .collect(Collectors.joining("; "));
  }
}
