package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@link RoomsExample} in real browsers: messages, presence, tabs, names. */
class RoomsBrowserTest {
  /** The bound for a leave, which the server delays by 5 seconds. */
  private static final double LEAVE_MS = 15_000;

  private static final String MARKUP =
      "<b>x</b><img src=x onerror=alert(1)><script>alert(2)</script>";

  private static final String BYTES_BY_FILE =
      """
      () => Object.fromEntries(
          ["navigation", "resource"]
              .flatMap((type) => performance.getEntriesByType(type))
              .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]))
      """;

  private static final Set<String> FIRST_FILES =
      Set.of("/", "/rooms/base.css", "/rooms/app.js", "/centrifuge/centrifuge.js");

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @ParameterizedTest
  @EnumSource
  void twoPeopleExchangeMessagesAndSeePresenceAndTyping(Host.Kind server) throws Exception {
    try (RunningExample chat = TABS.start(server)) {
      Tab ann = TABS.join(chat, "Ann");
      assertThat(ann.log()).containsText("This is where lobby begins");
      Tab bob = TABS.join(chat, "Bob");
      ann.assertParticipants("Ann", "Bob");
      bob.assertParticipants("Ann", "Bob");
      assertThat(ann.person("Ann")).containsText("you · owner");
      assertThat(bob.person("Bob")).containsText("you");
      assertThat(bob.title()).hasText("lobby");

      ann.send("Hello Bob");
      bob.assertMessages("Hello Bob");
      assertThat(bob.message("Hello Bob").locator(".who .name")).hasText("Ann");
      bob.messageField().pressSequentially("Hel");
      assertThat(ann.typing()).hasText("Bob is typing…");
      bob.send("Hello Ann");
      ann.assertMessages("Hello Bob", "Hello Ann");
      assertThat(ann.typing()).hasText("");
      assertThat(ann.message("Hello Ann").locator(".who .name")).hasText("Bob");

      ann.send(MARKUP);
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("Hello Bob", "Hello Ann", MARKUP);
        assertThat(tab.log().locator(".what p *")).hasCount(0);
      }
    }
  }

  @Test
  void aReturningPersonKeepsItsIdentityAndSeesMissedMessages() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob").send("Until later");
      ann.assertMessages("Until later");
      bob.page().close();
      ann.assertParticipants("Ann");
      assertThat(ann.notes().last()).hasText("Bob left");
      ann.send("Bob has gone").send("What a pity");
      ann.assertMessages("Until later", "Bob has gone", "What a pity");

      Tab returned = TABS.open(bob.browser(), chat.uri("/")).awaitJoined();
      returned.assertMessages("Until later", "Bob has gone", "What a pity");
      assertThat(returned.log().locator(".line")).hasText("New");
      assertThat(returned.log().locator(".line + article .what")).hasText("Bob has gone");
      assertThat(returned.person("Bob")).containsText("you");
      ann.assertParticipants("Ann", "Bob");
      assertThat(ann.notes())
          .hasText(
              new String[] {"This is where lobby begins", "Bob joined", "Bob left", "Bob joined"});
      returned.send("Here I am");
      ann.assertMessages("Until later", "Bob has gone", "What a pity", "Here I am");
      assertThat(returned.log().locator(".line")).hasCount(0);
    }
  }

  @Test
  void tabsOfOneBrowserAreOnePerson() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab bob = TABS.join(chat, "Bob");
      Tab ann = TABS.join(chat, "Ann");
      Tab second = TABS.openSecondTab(ann).awaitJoined();
      for (Tab tab : new Tab[] {ann, second, bob}) {
        tab.assertParticipants("Bob", "Ann");
      }
      ann.send("from the first tab");
      bob.assertMessages("from the first tab");
      second.send("from the second tab");
      for (Tab tab : new Tab[] {ann, second, bob}) {
        tab.assertMessages("from the first tab", "from the second tab");
      }

      ann.switchToRoom("tea");
      second.switchToRoom("tea");
      bob.send("where are you?");
      assertThat(ann.room("lobby")).containsText("1 unread");
      assertThat(second.room("lobby")).containsText("1 unread");
      ann.room("lobby").click();
      ann.assertMessages("from the first tab", "from the second tab", "where are you?");
      assertThat(second.room("lobby")).not().containsText("unread");

      second.page().close();
      ann.send("only here now");
      bob.assertMessages(
          "from the first tab", "from the second tab", "where are you?", "only here now");
      bob.assertParticipants("Bob", "Ann");
      assertThat(bob.notes().last()).hasText("Ann joined");
      ann.page().close();
      bob.assertParticipants("Bob");
      assertThat(bob.notes().last()).hasText("Ann left");
    }
  }

  @Test
  void aDirectMessageReachesItsRecipientOnly() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob");
      Tab cem = TABS.join(chat, "Cem");
      ann.assertParticipants("Ann", "Bob", "Cem");
      ann.openMenuOfPerson("Bob").chooseMenuItem("Write a direct message");
      assertThat(ann.title()).hasText("Bob");
      assertThat(ann.page().locator("#topic")).hasText("online");
      assertThat(bob.page().locator("#directs")).isHidden(); // there is no message yet
      ann.send("psst, Bob").assertMessages("psst, Bob");

      assertThat(bob.room("Ann")).containsText("1 unread");
      assertThat(bob.page()).hasTitle("(1) lobby · Rooms");
      bob.room("Ann").click();
      bob.assertMessages("psst, Bob").send("yes?");
      ann.assertMessages("psst, Bob", "yes?");
      assertThat(bob.page()).hasTitle("Ann · Rooms");
      bob.page().reload();
      assertThat(bob.title()).hasText("Ann");
      bob.assertMessages("psst, Bob", "yes?");
      assertThat(bob.log()).not().containsText("lobby");

      bob.room("lobby").click();
      bob.send("hello all");
      cem.assertMessages("hello all");
      assertThat(cem.page().locator("#directs")).isHidden();
      cem.page().navigate(ann.page().url());
      assertThat(cem.page().locator("#not-joined").getByRole(AriaRole.ALERT))
          .containsText("is a direct room of two other participants");
      assertThat(cem.messages()).hasCount(0);
      ann.assertMessages("psst, Bob", "yes?");
      bob.page().close();
      assertThat(ann.page().locator("#topic"))
          .hasText("offline", new LocatorAssertions.HasTextOptions().setTimeout(LEAVE_MS));
    }
  }

  @Test
  void aRenameIsAnnouncedAndNamesAreUnique() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab bob = TABS.join(chat, "Bob");
      Tab ann = TABS.join(chat, "Ann").send("I am Ann");
      bob.assertMessages("I am Ann");
      assertThat(ann.rename("Bea")).isHidden();
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertParticipants("Bob", "Bea");
        assertThat(tab.notes().last()).hasText("Ann is now called Bea");
      }

      Locator dialog = ann.rename("Bob");
      assertThat(dialog.getByRole(AriaRole.ALERT))
          .hasText("Another participant in room \"lobby\" uses the display name \"Bob\".");
      ann.page().keyboard().press("Escape");
      assertThat(dialog).isHidden();
      Tab other = TABS.join(chat, "Bob").send("another one");
      other.assertMessages("I am Ann", "another one").assertParticipants("Bob", "Bea", "Bob (2)");
      assertThat(bob.message("another one").locator(".who .name")).hasText("Bob (2)");
    }
  }

  @Test
  void aBlankNameIsAskedForAgain() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.open(chat.uri("/"));
      Locator name = ann.page().getByLabel("Your name").first();
      name.fill("  \u200b ");
      ann.button("Enter").click();
      assertThat(ann.page().locator("#sign-in-error")).hasText("Please choose a name.");
      assertThat(name).isFocused();
      ann.join("Ann").assertParticipants("Ann");
      assertThat(ann.rename("   ").getByRole(AriaRole.ALERT)).hasText("Please choose a name.");
    }
  }

  @Test
  void aLinkAndTheFinderLeadToTheSameRoom() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      ann.page().keyboard().press("Control+k");
      ann.page().getByRole(AriaRole.COMBOBOX).fill("Tea & Cake");
      ann.page().keyboard().press("Enter");
      assertThat(ann.title()).hasText("tea-cake");
      Tab bob = TABS.join(chat.uri("/#room=Tea+%26+Cake"), "Bob");
      assertThat(bob.title()).hasText("tea-cake");
      assertThat(bob.page()).hasURL(chat.uri("/#room=tea-cake").toString());
      ann.assertParticipants("Ann", "Bob");
    }
  }

  /** What a browser transfers until the user has joined the first room, without headers. */
  @Test
  void theFirstLoadTransfersAtMost130Kilobytes() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Map<String, Integer> bytes = new TreeMap<>();
      ((Map<?, ?>) ann.page().evaluate(BYTES_BY_FILE))
          .forEach((file, size) -> bytes.put((String) file, (Integer) size));
      assertTrue(bytes.keySet().containsAll(FIRST_FILES), bytes::toString);
      assertFalse(bytes.containsValue(0), bytes::toString);
      int sum = bytes.values().stream().mapToInt(Integer::intValue).sum();
      assertTrue(sum < 130_000, () -> sum + " bytes: " + bytes);
    }
  }

  @Test
  void theColoursThatWereChosenStay() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Locator page = ann.page().locator("html");
      assertThat(page).hasCSS("color-scheme", "light dark");
      ann.button("Ann Settings").click();
      ann.page().getByLabel("Dark").check();
      assertThat(page).hasCSS("color-scheme", "dark");
      ann.page().keyboard().press("Escape");
      ann.page().reload();
      ann.awaitJoined();
      assertThat(page).hasCSS("color-scheme", "dark");
    }
  }

  @Test
  void onAPhoneTheListsAreDrawers() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann").send("hello");
      ann.page().setViewportSize(390, 844);
      Locator rooms = ann.page().locator("#rooms");
      assertThat(ann.people()).not().isInViewport();
      assertThat(rooms).not().isInViewport();
      assertThat(ann.messageField()).isInViewport();

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
      ann.page().getByRole(AriaRole.OPTION).first().click();
      assertThat(ann.title()).hasText("tea");
      assertThat(rooms).not().isInViewport();
      assertThat(ann.messageField()).isInViewport();
      assertEquals(390, ann.page().evaluate("document.documentElement.scrollWidth"));
    }
  }
}
