package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks what the module under test tells builders of native images. Runs in every module that
 * depends on {@code test-support}, as {@link PublicApiTest} does. No native image is built.
 */
class NativeImageMetadataTest {
  /** Names in a class file of what a builder cannot follow. */
  private static final Pattern DYNAMIC =
      Pattern.compile(
          "java/lang/reflect/(Method|Constructor|Field)|java/util/ServiceLoader"
              + "|getResourceAsStream|findVirtual|findStatic|forName");

  private static final Pattern TYPE = Pattern.compile("\"type\": *\"([^\"]+)\"");
  private static final Pattern GLOB = Pattern.compile("\"glob\": *\"([^\"]+)\"");

  private static final Path MODULE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Path CLASSES = MODULE.resolve(Path.of("target", "classes"));
  private static final Path METADATA =
      CLASSES.resolve(
          Path.of(
              "META-INF",
              "native-image",
              "dev.roomful",
              String.valueOf(MODULE.getFileName()),
              "reachability-metadata.json"));

  @Test
  void aModuleThatUsesReflectionOrResourcesHasMetadata() throws IOException {
    String name = String.valueOf(MODULE.getFileName());
    assumeTrue(
        name.startsWith("chat-") && !name.equals("chat-testkit"),
        "not in native images, or with hints of Spring's");
    List<Path> dynamic;
    try (Stream<Path> files = Files.walk(CLASSES)) {
      dynamic = files.filter(NativeImageMetadataTest::isDynamic).toList();
    }
    assertEquals(!dynamic.isEmpty(), Files.exists(METADATA), () -> METADATA + ", for " + dynamic);
  }

  private static boolean isDynamic(Path file) {
    if (!file.toString().endsWith(".class")) {
      return false;
    }
    String bytes = assertDoesNotThrow(() -> Files.readString(file, StandardCharsets.ISO_8859_1));
    return DYNAMIC.matcher(bytes).find();
  }

  @Test
  void typesInTheMetadataExist() throws IOException {
    assumeTrue(Files.exists(METADATA), "no metadata");
    Matcher type = TYPE.matcher(Files.readString(METADATA));
    while (type.find()) {
      String name = type.group(1);
      assertDoesNotThrow(
          () -> Class.forName(name, false, NativeImageMetadataTest.class.getClassLoader()));
    }
  }

  @Test
  void resourcesInTheMetadataExist() throws IOException {
    assumeTrue(Files.exists(METADATA), "no metadata");
    Matcher glob = GLOB.matcher(Files.readString(METADATA));
    while (glob.find()) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob.group(1));
      try (Stream<Path> files = Files.walk(CLASSES)) {
        assertTrue(files.map(CLASSES::relativize).anyMatch(matcher::matches), glob.group(1));
      }
    }
  }
}
