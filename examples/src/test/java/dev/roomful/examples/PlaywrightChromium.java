package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's Chromium, driven by Playwright. Playwright's own browsers are not fetched. */
final class PlaywrightChromium implements AutoCloseable {
  private static final Path EXECUTABLE =
      Path.of(System.getProperty("chromium", "/usr/bin/chromium")).toAbsolutePath();

  /** Longer than Playwright's default, for machines that are busy. */
  private static final double WAIT_MS = 15_000;

  private final Playwright playwright;
  private final Browser browser;
  private final BrowserProfiles profiles;

  private PlaywrightChromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
    this.profiles = new BrowserProfiles(browser);
  }

  /** Starts Chromium. Without it the test is skipped, or fails if a browser is required. */
  static PlaywrightChromium start() {
    if (!Files.isExecutable(EXECUTABLE)) {
      skipOrFail(
          "no Chromium at "
              + EXECUTABLE
              + ": install it, or name it with -Pbrowser -Dchromium=FILE");
    } else if (!hasDriver()) {
      skipOrFail(
          "no Node.js for Playwright on the class path: the Maven profile \"browser\" adds it");
    }
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    PlaywrightAssertions.setDefaultAssertionTimeout(WAIT_MS);
    try {
      return new PlaywrightChromium(playwright, playwright.chromium().launch(options()));
    } catch (RuntimeException failure) {
      playwright.close();
      throw failure;
    }
  }

  private static BrowserType.LaunchOptions options() {
    return new BrowserType.LaunchOptions()
        .setExecutablePath(EXECUTABLE)
        .setArgs(
            List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--renderer-process-limit=1", // one process for all pages of a profile
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync"));
  }

  /** {@return whether the driver's Node.js is on the class path or installed} */
  private static boolean hasDriver() {
    return System.getenv("PLAYWRIGHT_NODEJS_PATH") != null
        || PlaywrightChromium.class.getClassLoader().getResource("driver/linux/LICENSE") != null;
  }

  private static void skipOrFail(String reason) {
    if ("true".equals(System.getenv("ROOMFUL_REQUIRE_BROWSER"))) {
      fail(reason);
    }
    System.err.println("The tests in a browser do not run: " + reason);
    abort(reason);
  }

  Browser browser() {
    return browser;
  }

  BrowserProfiles profiles() {
    return profiles;
  }

  @Override
  public void close() {
    try {
      browser.close();
    } finally {
      playwright.close();
    }
  }
}
