package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page in a real browser: what it shows, and what it writes into the console while nobody looks.
 */
class Screen {
  /** From a lost connection to the next: the page waits longer and longer between its attempts. */
  private static final double RECONNECT_MS = 20_000;

  private final Page page;
  private final List<String> errors = new ArrayList<>();

  Screen(Page page) {
    this.page = page;
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            errors.add(message.text());
          }
        });
  }

  final Page page() {
    return page;
  }

  /** Until the page has marked something with that state. */
  final void awaitState(String state, String selector) {
    assertThat(page.locator(selector))
        .hasAttribute(
            "data-state",
            state,
            new LocatorAssertions.HasAttributeOptions().setTimeout(RECONNECT_MS));
  }

  /** Nothing in the console: no exception, no violation of the page's policy, no missing file. */
  final void assertNoErrors() {
    assertEquals(List.of(), errors);
  }

  /** Forgets the errors that attempts to reach a stopped server leave in the console. */
  final void forgetFailedConnections() {
    errors.removeIf(error -> error.startsWith("WebSocket connection to "));
  }

  final void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setAnimations(ScreenshotAnimations.DISABLED)
            .setPath(Path.of("target", "screenshots", name + ".png")));
  }
}
