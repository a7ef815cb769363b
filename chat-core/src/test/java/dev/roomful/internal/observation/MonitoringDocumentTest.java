package dev.roomful.internal.observation;

import dev.roomful.internal.validation.LogEvent;
import dev.roomful.testsupport.DocumentedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Description;
import jdk.jfr.EventType;
import jdk.jfr.Name;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;

/** The tables of log entries and of events of the flight recorder in docs/monitoring.md. */
class MonitoringDocumentTest {
  @Test
  void theTableOfLogEntriesIsThatOfTheCode() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| logger | event | level | fields | when |");
    lines.add("|---|---|---|---|---|");
    for (LogEvent event : LogEvent.values()) {
      lines.add(
          "| `%s` | `%s` | %s | %s | %s |"
              .formatted(
                  event.loggerName(),
                  event.id(),
                  event.level(),
                  event.fields().isEmpty()
                      ? "–"
                      : event.fields().stream()
                          .map(field -> "`" + field + "`")
                          .collect(Collectors.joining(", ")),
                  event.description()));
    }
    DocumentedTable.check("loggers", lines);
  }

  @Test
  void theTableOfRecorderEventsIsThatOfTheCode() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| event | fields | what |");
    lines.add("|---|---|---|");
    Arrays.stream(FlightEvents.class.getDeclaredClasses())
        .sorted(Comparator.comparing(type -> type.getAnnotation(Name.class).value()))
        .forEach(
            type ->
                lines.add(
                    "| `%s` | %s | %s |"
                        .formatted(
                            type.getAnnotation(Name.class).value(),
                            fields(type),
                            type.getAnnotation(Description.class).value())));
    DocumentedTable.check("recorder", lines);
  }

  private static String fields(Class<?> type) {
    return EventType.getEventType(type.asSubclass(jdk.jfr.Event.class)).getFields().stream()
        .map(ValueDescriptor::getName)
        .filter(
            name -> !List.of("startTime", "duration", "eventThread", "stackTrace").contains(name))
        .map(name -> "`" + name + "`")
        .collect(Collectors.joining(", "));
  }
}
