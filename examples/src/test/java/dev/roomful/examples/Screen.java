package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A page in a real browser: what it shows, and the errors that it writes to the console. */
class Screen {
  /** The bound of a reconnect: the delays between the attempts of the page grow. */
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

  /** Waits until an element has a state. */
  final void awaitState(String state, String selector) {
    assertThat(page.locator(selector))
        .hasAttribute(
            "data-state",
            state,
            new LocatorAssertions.HasAttributeOptions().setTimeout(RECONNECT_MS));
  }

  /** Fails if there was an exception, a violation of the security policy or a missing file. */
  final void assertNoErrors() {
    assertEquals(List.of(), errors);
  }

  /** Fails unless there are errors, each with these words; forgets them. */
  final void assertErrorsAre(String words) {
    assertTrue(
        !errors.isEmpty() && errors.stream().allMatch(one -> one.contains(words)),
        errors::toString);
    errors.clear();
  }

  /**
   * Forgets the errors that an outage leaves in the console: attempts to connect, questions why
   * they failed, and files that the browser was loading, such as the icon, which it requests after
   * the page is complete.
   */
  final void forgetFailedConnections() {
    errors.removeIf(
        error ->
            error.startsWith("WebSocket connection to ")
                || error.startsWith("Failed to load resource: net::ERR_")
                || error.contains("status of 426"));
  }

  final void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setAnimations(ScreenshotAnimations.DISABLED)
            .setPath(Path.of("target", "screenshots", name + ".png")));
  }
}
