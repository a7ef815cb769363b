package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** A tab on the page of {@link RoomsExample}: what somebody does and sees there. */
final class Tab extends Screen {
  private final BrowserContext browser;

  Tab(BrowserContext browser) {
    super(browser.newPage());
    this.browser = browser;
  }

  BrowserContext browser() {
    return browser;
  }

  /** Says at the door what to be called; returns when it is done. */
  Tab join(String name) {
    page().getByLabel("Your name").first().fill(name);
    button("Enter").click();
    return awaitJoined();
  }

  /** Until the page is connected, and its person is in the room that it shows. */
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

  /** Where somebody writes. */
  Locator messageField() {
    return page()
        .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message").setExact(true));
  }

  /** Types and presses Enter. */
  Tab send(String text) {
    messageField().fill(text);
    messageField().press("Enter");
    return this;
  }

  /** All that is between the head and the field. */
  Locator log() {
    return page().getByRole(AriaRole.LOG);
  }

  Locator messages() {
    return log().getByRole(AriaRole.ARTICLE);
  }

  Locator message(String text) {
    return messages().filter(new Locator.FilterOptions().setHasText(text));
  }

  /** What happened, in small type between the messages. */
  Locator notes() {
    return log().locator(".note");
  }

  Locator typing() {
    return page().locator("#typing");
  }

  /** What the page says about its connection. */
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

  /** A room, or somebody to whom one writes directly, in the list of rooms. */
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

  /** Enters a room of that name, or makes it. */
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

  /** Fills in the dialog that is open, and waits until it is done. */
  Tab submitDialog(String text, String action) {
    Locator dialog = page().getByRole(AriaRole.DIALOG);
    dialog.getByRole(AriaRole.TEXTBOX).fill(text);
    button(action).click();
    assertThat(dialog).isHidden();
    return this;
  }

  /** Asks to be called something else; returns the dialog, which goes away if that is done. */
  Locator rename(String name) {
    page().locator("#self").click();
    Locator dialog = page().getByRole(AriaRole.DIALOG);
    dialog.getByLabel("Your name").fill(name);
    dialog.getByText("Save").click();
    return dialog;
  }

  /** Waits until these are listed as being here, and nobody else. */
  Tab assertParticipants(String... names) {
    assertThat(people().locator(".name")).hasText(names);
    return this;
  }
}
