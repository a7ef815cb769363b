package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A browser window on the page of an example, as somebody has it who shares no cookies with others.
 */
final class Window implements AutoCloseable {
  /** From a lost connection to the next: the page waits longer and longer between its attempts. */
  private static final double RECONNECT_MS = 20_000;

  private final BrowserContext context;
  private final Page page;
  private final List<String> errors = new ArrayList<>();

  private Window(BrowserContext context) {
    this.context = context;
    this.page = context.newPage();
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            errors.add(message.text());
          }
        });
  }

  /** Returns when the page is connected. */
  static Window open(Chromium chromium, URI address) {
    Window window =
        new Window(
            chromium
                .browser()
                .newContext(
                    new Browser.NewContextOptions().setViewportSize(1100, 800).setLocale("en-GB")));
    window.page.navigate(address.toString());
    window.awaitState("open");
    return window;
  }

  Page page() {
    return page;
  }

  Locator lines() {
    return page.locator("#messages li");
  }

  /** The "Your ID" that the page shows. */
  String id() {
    return page.locator("#id").innerText();
  }

  /** Types and presses Enter. */
  void say(String text) {
    page.locator("#text").fill(text);
    page.locator("#text").press("Enter");
  }

  /** Types and presses the button. */
  void send(String text) {
    page.locator("#text").fill(text);
    page.locator("#send").click();
  }

  /** Waits until exactly these lines are shown, no other between them or at either end. */
  void assertShows(String... lines) {
    assertThat(lines()).hasText(lines);
  }

  /** Waits until a line with these words is shown, whatever comes behind it. */
  void assertShowsSomewhere(String words) {
    assertThat(lines().filter(new Locator.FilterOptions().setHasText(words)).first()).isVisible();
  }

  void awaitState(String state) {
    assertThat(page.locator("#state"))
        .hasAttribute(
            "data-state",
            state,
            new LocatorAssertions.HasAttributeOptions().setTimeout(RECONNECT_MS));
  }

  /** Nothing in the console: no exception, no violation of the page's policy, no missing file. */
  void assertNoErrors() {
    assertEquals(List.of(), errors);
  }

  /** Forgets the errors that attempts to reach a stopped server leave in the console. */
  void forgetFailedConnections() {
    errors.removeIf(error -> error.startsWith("WebSocket connection to "));
  }

  void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setAnimations(ScreenshotAnimations.DISABLED)
            .setPath(Path.of("target", "screenshots", name + ".png")));
  }

  @Override
  public void close() {
    context.close();
  }
}
