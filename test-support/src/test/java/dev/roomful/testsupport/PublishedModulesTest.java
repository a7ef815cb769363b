package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a release publishes, and the coordinates under which the documents offer it. */
class PublishedModulesTest {
  private static final String GROUP = "dev.roomful";
  private static final String BOM = "chat-bom";
  private static final PomFile PARENT = PomFile.of("");
  private static final Pattern DEPENDENCY =
      Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);

  /** What a reader sees of the README without scrolling. */
  private static final int FIRST_SCREEN = 30;

  private static boolean isPublished(PomFile module) {
    return module.text("properties", "maven.deploy.skip").filter("true"::equals).isEmpty();
  }

  private static Set<String> artifacts(boolean published) {
    return PARENT.texts("modules", "module").stream()
        .map(PomFile::of)
        .filter(module -> isPublished(module) == published)
        .map(module -> module.text("artifactId").orElseThrow())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theBillOfMaterialsHasEveryPublishedModule() {
    Set<String> expected = artifacts(true);
    assertTrue(expected.remove(BOM));
    assertEquals(
        expected,
        new TreeSet<>(
            PomFile.of(BOM)
                .texts("dependencyManagement", "dependencies", "dependency", "artifactId")));
  }

  @Test
  void mavenCentralGetsNoModuleThatIsNotPublished() {
    Set<String> expected = artifacts(false);
    expected.add(PARENT.text("artifactId").orElseThrow());
    assertEquals(
        expected,
        new TreeSet<>(
            PARENT.texts(
                "profiles",
                "profile",
                "build",
                "plugins",
                "plugin",
                "configuration",
                "excludeArtifacts",
                "excludeArtifact")));
  }

  @Test
  void everyPublishedModuleHasANameAndADescription() {
    for (String folder : PARENT.texts("modules", "module")) {
      PomFile module = PomFile.of(folder);
      assertTrue(module.text("name").isPresent(), folder);
      assertTrue(module.text("description").isPresent(), folder);
    }
  }

  @Test
  void applicationsOfTheProjectUseTheVersionOfTheProject() {
    for (String folder : List.of("examples/spring-boot", ".ci/consumer")) {
      assertEquals(version(), PomFile.of(folder).property("roomful.version"), folder);
    }
  }

  @Test
  void theFirstScreenOfTheReadmeHasCoordinatesToCopy() throws IOException {
    String screen;
    try (Stream<String> lines = Files.lines(PomFile.ROOT.resolve("README.md"))) {
      screen = lines.limit(FIRST_SCREEN).collect(Collectors.joining("\n"));
    }
    Matcher dependency = DEPENDENCY.matcher(screen);
    assertTrue(dependency.find(), screen);
    assertEquals(GROUP, element("groupId", dependency.group(1)));
    assertEquals("roomful-spring-boot-starter", element("artifactId", dependency.group(1)));
    assertEquals(version(), element("version", dependency.group(1)));
    Matcher other = Pattern.compile("chat-[a-z]+").matcher(dependency.group(1));
    while (other.find()) {
      assertTrue(artifacts(true).contains(other.group()), other.group());
    }
  }

  @Test
  void coordinatesInDocumentsAreThoseOfPublishedModules() throws IOException {
    int checked = 0;
    for (Path document : documents()) {
      Matcher dependency = DEPENDENCY.matcher(Files.readString(document));
      while (dependency.find()) {
        String block = dependency.group(1);
        if (element("groupId", block).equals(GROUP)) {
          assertTrue(
              artifacts(true).contains(element("artifactId", block)), () -> document + block);
          String version = element("version", block);
          assertTrue(version.isEmpty() || version.equals(version()), () -> document + block);
          checked++;
        }
      }
    }
    assertFalse(checked == 0);
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> root = Files.list(PomFile.ROOT);
        Stream<Path> docs = Files.list(PomFile.ROOT.resolve("docs"));
        Stream<Path> modules =
            PARENT.texts("modules", "module").stream()
                .map(folder -> PomFile.ROOT.resolve(folder).resolve("README.md"))
                .filter(Files::exists)) {
      return Stream.of(root, docs, modules)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .toList();
    }
  }

  private static String version() {
    return PARENT.text("version").orElseThrow();
  }

  /** {@return the text of an element, or an empty string} */
  private static String element(String name, String block) {
    Matcher matcher = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(block);
    return matcher.find() ? matcher.group(1) : "";
  }
}
