package dev.roomful.centrifuge;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's Chromium without a window, with a new profile. */
final class Chromium {
  private static final Path FILE =
      Path.of(System.getProperty("chromium", "/usr/bin/chromium")).toAbsolutePath();

  private Chromium() {}

  /**
   * Starts Chromium with a page. Skips the test where it is not installed, or fails it where {@code
   * ROOMFUL_REQUIRE_BROWSER} is set.
   */
  static TestProcess start(URI page) throws IOException {
    if (!Files.isExecutable(FILE)) {
      TestProcess.skipOrFail(
          "no Chromium at " + FILE + ": install it, or name it with -Dchromium=FILE",
          "ROOMFUL_REQUIRE_BROWSER");
    }
    Path profile = Files.createTempDirectory(Path.of("target"), "chromium").toAbsolutePath();
    return TestProcess.start(
        profile,
        FILE.toString(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile,
        page.toString());
  }
}
