package dev.roomful.internal.validation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.internal.delivery.DefaultScheduler;
import dev.roomful.internal.delivery.SerialQueue;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guarantee 9: no failure stops a loop that serves others, a failure of the log included. */
class FailureLogTest {
  private static final Logger LOGGER = Logger.getLogger("dev.roomful");

  private final Handler failing =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          throw new OutOfMemoryError("no memory for a log entry");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void breakTheLog() {
    LOGGER.addHandler(failing);
  }

  @AfterEach
  void repairTheLog() {
    LOGGER.removeHandler(failing);
  }

  private static void fail() {
    throw new OutOfMemoryError("no memory");
  }

  @Test
  void aTaskWhoseFailureCannotBeLoggedDoesNotStopTheTasksAfterIt() {
    SerialQueue queue = new SerialQueue();
    AtomicBoolean ran = new AtomicBoolean();
    queue.add(FailureLogTest::fail);
    queue.add(() -> ran.set(true));
    queue.run();
    assertTrue(ran.get());
  }

  @Test
  void aRunOfTheTimerWhoseFailureCannotBeLoggedDoesNotStopTheTimer() throws Exception {
    DefaultScheduler scheduler = new DefaultScheduler(1, null);
    CountDownLatch runs = new CountDownLatch(3);
    scheduler.every(
        Duration.ofMillis(1),
        () -> {
          runs.countDown();
          fail();
        });
    assertTrue(runs.await(10, TimeUnit.SECONDS), "the timer runs again");
    scheduler.stop();
  }
}
