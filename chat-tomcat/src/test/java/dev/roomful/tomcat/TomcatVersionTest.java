package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.util.ServerInfo;
import org.junit.jupiter.api.Test;

/** The table of versions in the documents. The build runs this test on each of them. */
class TomcatVersionTest {
  @Test
  void theTableOfVersionsSaysHowTheRunningOneIsWritten() throws IOException {
    Path design =
        Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("../docs/design.md");
    String version = ServerInfo.getServerNumber().replaceAll("^(\\d+\\.\\d+\\.\\d+)\\..*", "$1");
    String path = TomcatInternals.areAsExpected() ? "batches to the socket" : "the Jakarta API";
    String row = "| Tomcat " + version + " | " + path + " |";
    assertTrue(Files.readAllLines(design).contains(row), () -> "the table has no row " + row);
  }
}
