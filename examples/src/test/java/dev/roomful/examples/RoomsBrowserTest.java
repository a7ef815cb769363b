package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@link Rooms} in real browsers: people talk, go and come back. */
class RoomsBrowserTest {
  private static final String MARKUP =
      "<b>x</b><img src=x onerror=alert(1)><script>alert(2)</script>";

  @RegisterExtension static final Crowd CROWD = new Crowd();

  @ParameterizedTest
  @EnumSource
  void twoPeopleTalkAndSeeWhoIsHereAndWhoIsTyping(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      assertThat(ann.log()).containsText("This is where lobby begins");
      Tab bob = CROWD.enter(chat, "Bob");
      ann.assertHere("Ann", "Bob");
      bob.assertHere("Ann", "Bob");
      assertThat(ann.person("Ann")).containsText("you · owner");
      assertThat(bob.person("Bob")).containsText("you");
      assertThat(bob.title()).hasText("lobby");

      ann.say("Hello Bob");
      bob.assertSaid("Hello Bob");
      assertThat(bob.message("Hello Bob").locator(".who .name")).hasText("Ann");
      bob.field().pressSequentially("Hel");
      assertThat(ann.typing()).hasText("Bob is typing…");
      bob.say("Hello Ann");
      ann.assertSaid("Hello Bob", "Hello Ann");
      assertThat(ann.typing()).hasText("");
      assertThat(ann.message("Hello Ann").locator(".who .name")).hasText("Bob");

      ann.say(MARKUP);
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertSaid("Hello Bob", "Hello Ann", MARKUP);
        assertThat(tab.log().locator(".what *")).hasCount(0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoComesBackIsTheSameAndSeesWhatWasSaidMeanwhile(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      Tab bob = CROWD.enter(chat, "Bob").say("Until later");
      ann.assertSaid("Until later");
      bob.page().close();
      ann.assertHere("Ann");
      assertThat(ann.notes().last()).hasText("Bob left");
      ann.say("Bob has gone").say("What a pity");
      ann.assertSaid("Until later", "Bob has gone", "What a pity");

      Tab again = CROWD.open(bob.browser(), chat.page("/")).awaitInside();
      again.assertSaid("Until later", "Bob has gone", "What a pity");
      assertThat(again.log().locator(".line")).hasText("New");
      assertThat(again.log().locator(".line + article .what")).hasText("Bob has gone");
      assertThat(again.person("Bob")).containsText("you");
      ann.assertHere("Ann", "Bob");
      assertThat(ann.notes())
          .hasText(new String[] {"This is where lobby begins", "Bob came", "Bob left", "Bob came"});
      again.say("Here I am");
      ann.assertSaid("Until later", "Bob has gone", "What a pity", "Here I am");
      assertThat(again.log().locator(".line")).hasCount(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tabsOfOneBrowserAreOnePerson(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab bob = CROWD.enter(chat, "Bob");
      Tab ann = CROWD.enter(chat, "Ann");
      Tab second = CROWD.beside(ann).awaitInside();
      for (Tab tab : new Tab[] {ann, second, bob}) {
        tab.assertHere("Bob", "Ann");
      }
      ann.say("from the first tab");
      bob.assertSaid("from the first tab");
      second.say("from the second tab");
      for (Tab tab : new Tab[] {ann, second, bob}) {
        tab.assertSaid("from the first tab", "from the second tab");
      }

      ann.go("tea");
      second.go("tea");
      bob.say("where are you?");
      assertThat(ann.room("lobby")).containsText("1 unread");
      assertThat(second.room("lobby")).containsText("1 unread");
      ann.room("lobby").click();
      ann.assertSaid("from the first tab", "from the second tab", "where are you?");
      assertThat(second.room("lobby")).not().containsText("unread");

      second.page().close();
      ann.say("only here now");
      bob.assertSaid(
          "from the first tab", "from the second tab", "where are you?", "only here now");
      bob.assertHere("Bob", "Ann");
      assertThat(bob.notes().last()).hasText("Ann came");
      ann.page().close();
      bob.assertHere("Bob");
      assertThat(bob.notes().last()).hasText("Ann left");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDirectMessageIsForOneAlone(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      Tab bob = CROWD.enter(chat, "Bob");
      Tab cem = CROWD.enter(chat, "Cem");
      ann.assertHere("Ann", "Bob", "Cem");
      ann.openMenuOf("Bob").choose("Write a direct message");
      assertThat(ann.title()).hasText("Bob");
      ann.say("psst, Bob").assertSaid("psst, Bob");

      assertThat(bob.room("Ann")).containsText("1 unread");
      assertThat(bob.page()).hasTitle("(1) lobby · Rooms");
      bob.room("Ann").click();
      bob.assertSaid("psst, Bob").say("yes?");
      ann.assertSaid("psst, Bob", "yes?");
      assertThat(bob.page()).hasTitle("Ann · Rooms");
      assertThat(bob.log()).not().containsText("lobby");

      bob.room("lobby").click();
      bob.say("hello all");
      cem.assertSaid("hello all");
      assertThat(cem.page().locator("#directs")).isHidden();
      cem.page().navigate(ann.page().url());
      assertThat(cem.page().locator("#outside").getByRole(AriaRole.ALERT))
          .containsText("a room for two others");
      assertThat(cem.messages()).hasCount(0);
      ann.assertSaid("psst, Bob", "yes?");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewNameIsToldAndNoTwoHaveTheSame(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab bob = CROWD.enter(chat, "Bob");
      Tab ann = CROWD.enter(chat, "Ann").say("I am Ann");
      bob.assertSaid("I am Ann");
      assertThat(ann.rename("Bea")).isHidden();
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertHere("Bob", "Bea");
        assertThat(tab.notes().last()).hasText("Ann is now called Bea");
      }

      Locator dialog = ann.rename("Bob");
      assertThat(dialog.getByRole(AriaRole.ALERT))
          .hasText("Somebody in room \"lobby\" is called \"Bob\".");
      ann.page().keyboard().press("Escape");
      assertThat(dialog).isHidden();
      Tab other = CROWD.enter(chat, "Bob").say("another one");
      other.assertSaid("I am Ann", "another one").assertHere("Bob", "Bea", "Bob (2)");
      assertThat(bob.message("another one").locator(".who .name")).hasText("Bob (2)");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theColoursThatWereChosenStay(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      Locator page = ann.page().locator("html");
      assertThat(page).hasCSS("color-scheme", "light dark");
      ann.button("Ann Name and colours").click();
      ann.page().getByLabel("Dark").check();
      assertThat(page).hasCSS("color-scheme", "dark");
      ann.page().keyboard().press("Escape");
      ann.page().reload();
      ann.awaitInside();
      assertThat(page).hasCSS("color-scheme", "dark");
    }
  }

  @ParameterizedTest
  @EnumSource
  void onAPhoneTheListsAreDrawers(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann").say("hello");
      ann.page().setViewportSize(390, 844);
      Locator rooms = ann.page().locator("#rooms");
      assertThat(ann.people()).not().isInViewport();
      assertThat(rooms).not().isInViewport();
      assertThat(ann.field()).isInViewport();

      ann.button("Show rooms").click();
      assertThat(rooms).isInViewport();
      ann.page().keyboard().press("Escape");
      assertThat(rooms).not().isInViewport();
      assertThat(ann.button("Show rooms")).isFocused();

      ann.button("People 1").click();
      assertThat(ann.person("Ann")).isInViewport();
      ann.button("Close the list of people").click();
      assertThat(ann.people()).not().isInViewport();

      ann.button("Show rooms").click();
      ann.button("Find a room").click();
      ann.page().getByRole(AriaRole.COMBOBOX).fill("tea");
      ann.page().getByRole(AriaRole.OPTION).click();
      assertThat(ann.title()).hasText("tea");
      assertThat(rooms).not().isInViewport();
      assertThat(ann.field()).isInViewport();
      assertEquals(390, ann.page().evaluate("document.documentElement.scrollWidth"));
    }
  }
}
