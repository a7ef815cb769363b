package dev.roomful.testkit;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Virtual threads by reflection, since this project is compiled for Java 17. */
final class VirtualThreads {
  private VirtualThreads() {}

  /** {@return an executor that starts a virtual thread for each task; needs JDK 21} */
  static ExecutorService newExecutor() {
    try {
      Method create = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
      return (ExecutorService) create.invoke(null);
    } catch (ReflectiveOperationException old) {
      throw new IllegalStateException("this JDK has no virtual threads", old);
    }
  }

  /** {@return whether the calling thread is virtual} */
  static boolean isCurrent() {
    try {
      return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
    } catch (ReflectiveOperationException old) {
      return false;
    }
  }

  /** What a test does while the JVM records. */
  interface Action {
    void run() throws Exception;
  }

  /**
   * {@return the stacks with code of this library on which a virtual thread was pinned meanwhile}
   */
  static List<String> pinnedDuring(Action action) throws Exception {
    Path file = Files.createTempFile("pinned", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      action.run();
      recording.stop();
      recording.dump(file);
      return pinned(file);
    } finally {
      Files.delete(file);
    }
  }

  private static List<String> pinned(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .map(event -> event.getStackTrace())
        .filter(stack -> stack != null)
        .map(RecordedStackTrace::toString)
        .filter(stack -> stack.contains("dev.roomful"))
        .toList();
  }
}
