package dev.roomful.micrometer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The build runs the tests of meters and observations with the newest and the oldest Micrometer.
 */
class MicrometerVersionTest {
  @Test
  void theTestsRunWithTheVersionThatTheBuildNames() {
    String version = System.getProperty("roomful.micrometer");
    Stream.of(MeterRegistry.class, ObservationRegistry.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .forEach(jar -> assertTrue(jar.endsWith("-" + version + ".jar"), jar));
  }
}
