package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** A browser tab with the page of {@link RoomsExample}: what a user does and sees. */
final class Tab extends Screen {
  private final BrowserContext browser;
  private boolean usesClock;

  Tab(BrowserContext browser) {
    super(browser.newPage());
    this.browser = browser;
  }

  BrowserContext browser() {
    return browser;
  }

  /** {@return the clock of the tab, with which a test changes the time of its profile} */
  Clock clock() {
    usesClock = true;
    return page().clock();
  }

  boolean usesClock() {
    return usesClock;
  }

  /** Signs in with a name, and waits until the user has joined the room. */
  Tab join(String name) {
    page().getByLabel("Your name").first().fill(name);
    button("Enter").click();
    return awaitJoined();
  }

  /** Waits until the page is connected and its user has joined the room that it shows. */
  Tab awaitJoined() {
    awaitConnected();
    assertThat(people()).containsText("you");
    return this;
  }

  Tab awaitConnected() {
    awaitState("connected", "body");
    return this;
  }

  Locator button(String name) {
    return page()
        .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** {@return the field for a new message} */
  Locator messageField() {
    return page()
        .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message").setExact(true));
  }

  /** Types a message and presses Enter. */
  Tab send(String text) {
    messageField().fill(text);
    messageField().press("Enter");
    return this;
  }

  /** {@return the list of messages and notes} */
  Locator log() {
    return page().getByRole(AriaRole.LOG);
  }

  Locator messages() {
    return log().getByRole(AriaRole.ARTICLE);
  }

  Locator message(String text) {
    return messages().filter(new Locator.FilterOptions().setHasText(text));
  }

  /** {@return the notes between the messages, such as joins and leaves} */
  Locator notes() {
    return log().locator(".note");
  }

  Locator typing() {
    return page().locator("#typing");
  }

  /** {@return the text about the connection} */
  Locator status() {
    return page().locator("#banner").getByRole(AriaRole.STATUS);
  }

  Locator title() {
    return page().getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
  }

  Locator people() {
    return page().locator("#people");
  }

  Locator person(String name) {
    return people()
        .getByRole(AriaRole.LISTITEM)
        .filter(new Locator.FilterOptions().setHasText(name));
  }

  Tab openMenuOfPerson(String name) {
    person(name).getByRole(AriaRole.BUTTON).click();
    return this;
  }

  Tab openMenuOfMessage(String text) {
    message(text).hover();
    message(text).locator(".more").click();
    return this;
  }

  /** {@return an entry of the list of rooms and direct rooms} */
  Locator room(String name) {
    return page()
        .getByRole(AriaRole.NAVIGATION)
        .getByRole(AriaRole.LISTITEM)
        .filter(new Locator.FilterOptions().setHasText(name));
  }

  Tab chooseMenuItem(String item) {
    page().getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName(item)).click();
    return this;
  }

  /** Joins a room with the room finder. */
  Tab switchToRoom(String room) {
    page().keyboard().press("Control+k");
    page().getByRole(AriaRole.COMBOBOX).fill(room);
    assertThat(page().getByRole(AriaRole.OPTION).first()).containsText(room);
    page().keyboard().press("Enter");
    assertThat(title()).hasText(room);
    return this;
  }

  /**
   * Waits until exactly these messages are shown, each once and in this order, and all are sent.
   */
  Tab assertMessages(String... messages) {
    assertThat(log().locator("article[data-state=sent] .what")).hasText(messages);
    assertThat(messages()).hasCount(messages.length);
    return this;
  }

  /** Fills in the open dialog, and waits until it is closed. */
  Tab submitDialog(String text, String action) {
    Locator dialog = page().getByRole(AriaRole.DIALOG);
    dialog.getByRole(AriaRole.TEXTBOX).fill(text);
    button(action).click();
    assertThat(dialog).isHidden();
    return this;
  }

  /** Requests another name; returns the dialog, which closes if the server accepts the name. */
  Locator rename(String name) {
    page().locator("#self").click();
    Locator dialog = page().getByRole(AriaRole.DIALOG);
    dialog.getByLabel("Your name").fill(name);
    dialog.getByText("Save").click();
    return dialog;
  }

  /** Waits until exactly these participants are listed. */
  Tab assertParticipants(String... names) {
    assertThat(people().locator(".name")).hasText(names);
    return this;
  }
}
