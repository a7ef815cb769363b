package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import java.net.URI;

/** A browser window, in a profile of its own, with the page of a plain text example. */
final class Window extends Screen implements AutoCloseable {
  private final BrowserContext profile;
  private final BrowserProfiles profiles;

  private Window(BrowserContext profile, BrowserProfiles profiles) {
    super(profile.newPage());
    this.profile = profile;
    this.profiles = profiles;
  }

  /** Returns when the page is connected. */
  static Window open(SharedChromium chromium, URI address) {
    BrowserProfiles profiles = chromium.profiles();
    Window window = new Window(profiles.take(), profiles);
    window.page().setViewportSize(1100, 800);
    window.page().navigate(address.toString());
    window.awaitState("open");
    return window;
  }

  Locator lines() {
    return page().locator("#messages li");
  }

  /** {@return the ID that the page shows} */
  String id() {
    return page().locator("#id").innerText();
  }

  /** Types a message and presses Enter. */
  void sendWithEnter(String text) {
    page().locator("#text").fill(text);
    page().locator("#text").press("Enter");
  }

  /** Types a message and presses the button. */
  void sendWithButton(String text) {
    page().locator("#text").fill(text);
    page().locator("#send").click();
  }

  /** Waits until exactly these lines are shown. */
  void assertShows(String... lines) {
    assertThat(lines()).hasText(lines);
  }

  /** Waits until a line with this text is shown. */
  void assertShowsLineContaining(String text) {
    assertThat(lines().filter(new Locator.FilterOptions().setHasText(text)).first()).isVisible();
  }

  void awaitState(String state) {
    awaitState(state, "#state");
  }

  @Override
  public void close() {
    profiles.giveBack(profile);
  }
}
