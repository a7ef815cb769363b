package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublicApiCoverageTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "")).resolve("..");

  @Test
  void everyModuleThatExportsAPackageIsCompared() throws IOException {
    List<String> exporting = new ArrayList<>();
    List<String> compared = new ArrayList<>();
    for (Path module : modules()) {
      String descriptor = Files.readString(descriptor(module));
      if (descriptor.lines().anyMatch(line -> line.startsWith("  exports "))) {
        exporting.add(module.getFileName().toString());
        if (Files.readString(module.resolve("pom.xml"))
            .contains("<artifactId>test-support</artifactId>")) {
          compared.add(module.getFileName().toString());
        }
      }
    }
    assertFalse(exporting.isEmpty());
    assertEquals(exporting, compared, "modules without the test dependency test-support");
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.filter(folder -> Files.exists(descriptor(folder))).sorted().toList();
    }
  }

  private static Path descriptor(Path module) {
    return module.resolve(Path.of("src", "main", "java", "module-info.java"));
  }
}
