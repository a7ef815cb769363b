package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A tab on the page of {@link Rooms}: what somebody does and sees there. */
final class Tab {
  /** From a lost connection to the next: the page waits longer and longer between its attempts. */
  private static final double RECONNECT_MS = 20_000;

  private final BrowserContext browser;
  private final Page page;
  private final List<String> errors = new ArrayList<>();

  Tab(BrowserContext browser) {
    this.browser = browser;
    this.page = browser.newPage();
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            errors.add(message.text());
          }
        });
  }

  BrowserContext browser() {
    return browser;
  }

  Page page() {
    return page;
  }

  /** Says at the door what to be called; returns when it is done. */
  Tab enter(String name) {
    page.getByLabel("Your name").first().fill(name);
    button("Enter").click();
    return awaitInside();
  }

  /** Until the page is connected, and its person is in the room that it shows. */
  Tab awaitInside() {
    awaitConnected();
    assertThat(people()).containsText("you");
    return this;
  }

  Tab awaitConnected() {
    assertThat(page.locator("body"))
        .hasAttribute(
            "data-state",
            "connected",
            new LocatorAssertions.HasAttributeOptions().setTimeout(RECONNECT_MS));
    return this;
  }

  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** Where somebody writes. */
  Locator field() {
    return page.getByRole(
        AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message").setExact(true));
  }

  /** Types and presses Enter. */
  Tab say(String text) {
    field().fill(text);
    field().press("Enter");
    return this;
  }

  /** All that is between the head and the field. */
  Locator log() {
    return page.getByRole(AriaRole.LOG);
  }

  Locator messages() {
    return log().getByRole(AriaRole.ARTICLE);
  }

  Locator message(String words) {
    return messages().filter(new Locator.FilterOptions().setHasText(words));
  }

  /** What happened, in small type between the messages. */
  Locator notes() {
    return log().locator(".note");
  }

  Locator typing() {
    return page.locator("#typing");
  }

  /** What the page says about its connection. */
  Locator status() {
    return page.locator("#banner").getByRole(AriaRole.STATUS);
  }

  Locator title() {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
  }

  Locator people() {
    return page.locator("#people");
  }

  Locator person(String name) {
    return people()
        .getByRole(AriaRole.LISTITEM)
        .filter(new Locator.FilterOptions().setHasText(name));
  }

  Tab openMenuOf(String name) {
    person(name).getByRole(AriaRole.BUTTON).click();
    return this;
  }

  Tab openMenuAt(String words) {
    message(words).hover();
    message(words).locator(".more").click();
    return this;
  }

  /** A room, or somebody to whom one writes directly, in the list of rooms. */
  Locator room(String name) {
    return page.getByRole(AriaRole.NAVIGATION)
        .getByRole(AriaRole.LISTITEM)
        .filter(new Locator.FilterOptions().setHasText(name));
  }

  Tab choose(String item) {
    page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName(item)).click();
    return this;
  }

  /** Enters a room of that name, or makes it. */
  Tab go(String room) {
    page.keyboard().press("Control+k");
    page.getByRole(AriaRole.COMBOBOX).fill(room);
    assertThat(page.getByRole(AriaRole.OPTION).first()).containsText(room);
    page.keyboard().press("Enter");
    assertThat(title()).hasText(room);
    return this;
  }

  /**
   * Waits until exactly these messages are shown, each once and in this order, and all are sent.
   */
  Tab assertSaid(String... messages) {
    assertThat(log().locator("article[data-state=sent] .what")).hasText(messages);
    assertThat(messages()).hasCount(messages.length);
    return this;
  }

  /** Fills in the dialog that is open, and waits until it is done. */
  Tab answer(String words, String action) {
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    dialog.getByRole(AriaRole.TEXTBOX).fill(words);
    button(action).click();
    assertThat(dialog).isHidden();
    return this;
  }

  /** Asks to be called something else; returns the dialog, which goes away if that is done. */
  Locator rename(String name) {
    page.locator("#self").click();
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    dialog.getByLabel("Your name").fill(name);
    dialog.getByText("Save").click();
    return dialog;
  }

  /** Waits until these are listed as being here, and nobody else. */
  Tab assertHere(String... names) {
    assertThat(people().locator(".name")).hasText(names);
    return this;
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
}
