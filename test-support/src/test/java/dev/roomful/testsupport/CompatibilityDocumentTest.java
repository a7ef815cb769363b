package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Makes the table of docs/compatibility.md from the versions that the build tests with. */
class CompatibilityDocumentTest {
  private static final PomFile PARENT = PomFile.of("");
  private static final PomFile BOOT = PomFile.of("roomful-spring-boot");
  private static final PomFile TOMCAT = PomFile.of("chat-tomcat");

  private final List<String> lines =
      new ArrayList<>(
          List.of("| what | oldest tested | newest tested | module |", "|---|---|---|---|"));

  private void row(String what, String oldest, String newest, String module) {
    lines.add("| " + String.join(" | ", what, oldest, newest, module) + " |");
  }

  @Test
  void theTableHasTheVersionsOfTheBuild() throws IOException {
    String java = PARENT.property("maven.compiler.release");
    List<String> tested =
        List.of(found(".github/workflows/ci.yml", "java: \\[(.*)]").replace("'", "").split(", *"));
    assertEquals(java, tested.get(0), "the oldest Java is the one that is compiled for");
    row("Java", java, tested.get(tested.size() - 1), "all");
    row(
        "Spring Boot",
        property("spring-boot.version"),
        property("spring-boot.newest.version"),
        "`roomful-spring-boot-starter`");
    row("Jetty 12.1", property("jetty.oldest.version"), property("jetty.version"), "`chat-jetty`");
    row(
        "Undertow 2.3",
        property("undertow.oldest.version"),
        PARENT.managedVersion("undertow-core"),
        "`chat-undertow`");
    row(
        "Tomcat 11",
        TOMCAT.property("tomcat.oldest.version"),
        property("tomcat.version"),
        "`chat-tomcat`");
    row(
        "Tomcat 10.1",
        TOMCAT.property("tomcat.10.version"),
        TOMCAT.property("tomcat.10.version"),
        "`chat-tomcat`");
    row("Tyrus 2.2", property("tyrus.version"), property("tyrus.version"), "`chat-jakarta`");
    String redis =
        found(
            "test-support/src/main/java/dev/roomful/testsupport/RedisServer.java",
            "VERSION = \"(.*)\"");
    row("Redis", redis, redis, "`chat-redis`");
    row("Lettuce", BOOT.property("lettuce.version"), property("lettuce.version"), "`chat-redis`");
    row(
        "Micrometer",
        property("micrometer.oldest.version"),
        property("micrometer.version"),
        "`chat-micrometer`");
    row(
        "Nimbus JOSE + JWT",
        BOOT.property("nimbus.version"),
        property("nimbus.version"),
        "`chat-tokens`");
    row(
        "Jackson 3",
        BOOT.property("jackson.version"),
        property("jackson.version"),
        "`chat-centrifuge`");
    row(
        "protobuf-java, optional",
        property("protobuf.oldest.version"),
        property("protobuf.version"),
        "`chat-centrifuge`");
    String script = found("chat-centrifuge/src/test/node/package.json", "\"centrifuge\": \"(.*)\"");
    row("SDK npm `centrifuge`", script, script, "`chat-centrifuge`");
    String sdk = PARENT.managedVersion("centrifuge-java");
    row("SDK `centrifuge-java`", sdk, sdk, "`chat-centrifuge`");
    DocumentedTable.check("docs/compatibility.md", "versions", lines);
  }

  private static String property(String name) {
    return PARENT.property(name);
  }

  private static String found(String file, String pattern) throws IOException {
    Matcher matcher =
        Pattern.compile(pattern).matcher(Files.readString(PomFile.ROOT.resolve(file)));
    if (!matcher.find()) {
      throw new IllegalStateException(file + " has no " + pattern);
    }
    return matcher.group(1);
  }
}
