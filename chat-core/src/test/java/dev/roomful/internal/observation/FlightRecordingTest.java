package dev.roomful.internal.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.RejectedException;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events of the flight recorder, and that they are off unless a recording enables them. */
class FlightRecordingTest {
  private static final RoomHandler HANDLER =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().equals("no")) {
            throw new RejectedException(new Rejection(403, "nonsense", "not here"));
          }
          room.publish(message);
        }
      };

  @TempDir Path folder;

  private static List<String> names() {
    return Arrays.stream(FlightEvents.class.getDeclaredClasses())
        .map(type -> type.getAnnotation(jdk.jfr.Name.class).value())
        .sorted()
        .toList();
  }

  private List<RecordedEvent> record(boolean enable) throws IOException {
    Path file = folder.resolve(enable + ".jfr");
    try (Recording recording = new Recording()) {
      if (enable) {
        names().forEach(recording::enable);
      }
      recording.start();
      try (TestChat chat = TestChat.of(Chat.builder(HANDLER))) {
        TestClient ann = chat.connect("lobby", "ann");
        ann.send("hello");
        ann.send("no");
        ann.close();
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> ours = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().startsWith("dev.roomful.")) {
        ours.add(event);
      }
    }
    return ours;
  }

  private static List<String> describe(List<RecordedEvent> events, String name, String... fields) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.roomful." + name))
        .map(event -> Arrays.stream(fields).map(field -> "" + event.getValue(field)).toList())
        .map(values -> String.join(" ", values))
        .toList();
  }

  @Test
  void aRecordingThatEnablesTheEventsContainsThem() throws IOException {
    List<RecordedEvent> events = record(true);
    assertEquals(
        List.of(
            "onJoin lobby ann false",
            "onMessage lobby ann false",
            "onMessage lobby ann false",
            "onRejected lobby ann false",
            "onLeave lobby ann false"),
        describe(events, "HandlerCall", "callback", "room", "participant", "failed"));
    assertEquals(List.of("lobby 1"), describe(events, "FanOut", "room", "recipients"));
    assertEquals(List.of("1 7", "1 10"), describe(events, "WriteBatch", "frames", "bytes"));
    assertEquals(
        List.of("MESSAGE nonsense not here"),
        describe(events, "Rejection", "attempt", "code", "reason"));
    assertEquals(List.of("1000 ann"), describe(events, "SessionClosed", "code", "participant"));
  }

  @Test
  void aRecordingWithoutThemContainsNone() throws IOException {
    assertEquals(List.of(), record(false));
    for (Class<?> type : FlightEvents.class.getDeclaredClasses()) {
      assertFalse(EventType.getEventType(type.asSubclass(jdk.jfr.Event.class)).isEnabled());
    }
  }

  @Test
  void theCoreRunsWithoutTheModuleOfTheRecorder() throws Exception {
    String classPath =
        classFolder(FlightRecording.class) + File.pathSeparator + classFolder(getClass());
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules",
                "java.base",
                "-cp",
                classPath,
                WithoutRecorder.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("false [hello]", output.strip());
    assertEquals(0, java.waitFor());
  }

  private static Path classFolder(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
