package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roomful.testkit.Cable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@link Rooms} in real browsers: what the owner of a room may do. */
class RoomsModerationBrowserTest {
  @RegisterExtension static final Crowd CROWD = new Crowd();

  @ParameterizedTest
  @EnumSource
  void whoIsRemovedIsToldWhyAndMayComeBack(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      Tab bob = CROWD.enter(chat, "Bob").say("buy my watches");
      Tab cem = CROWD.enter(chat, "Cem");
      ann.assertHere("Ann", "Bob", "Cem");
      ann.openMenuOf("Bob").choose("Remove from the room…");
      ann.answer("no advertising, please", "Remove");

      assertThat(bob.page().locator("#outside").getByRole(AriaRole.ALERT))
          .hasText("You were removed from lobby: no advertising, please.");
      assertThat(bob.field()).isHidden();
      for (Tab tab : new Tab[] {ann, cem}) {
        tab.assertHere("Ann", "Cem");
        assertThat(tab.notes().last())
            .hasText("Bob was removed from the room: no advertising, please");
      }
      bob.button("Come back in").click();
      cem.assertHere("Ann", "Bob", "Cem");
      bob.say("sorry");
      for (Tab tab : new Tab[] {ann, bob, cem}) {
        tab.assertSaid("buy my watches", "sorry");
      }

      ann.openMenuOf("Bob").choose("Ban for an hour…");
      ann.answer("again", "Ban");
      bob.button("Come back in").click();
      assertThat(bob.page().locator("#outside").getByRole(AriaRole.ALERT))
          .containsText("You cannot be in lobby right now");
      cem.assertHere("Ann", "Cem");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsMutedIsToldWhyNothingIsSent(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      Tab bob = CROWD.enter(chat, "Bob");
      ann.openMenuOf("Bob").choose("Mute for 10 minutes…");
      ann.answer("count to ten", "Mute");
      bob.say("GRRR");
      Locator refused = bob.message("GRRR");
      assertThat(refused).containsText("Not sent:");
      assertThat(refused).containsText("count to ten");
      ann.say("peace");
      ann.assertSaid("peace");
      assertThat(bob.message("peace")).isVisible();

      ann.openMenuOf("Bob").choose("Let them speak again");
      assertThat(ann.page().locator("#toast")).hasText("Bob can speak again.");
      refused.getByRole(AriaRole.BUTTON, named("Try again")).click();
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertSaid("peace", "GRRR");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRemovedMessageAndTheTopicAreTheSameForAll(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann").say("kept");
      Tab bob = CROWD.enter(chat, "Bob").say("a mistake");
      ann.assertSaid("kept", "a mistake");
      ann.openMenuAt("a mistake").choose("Remove this message");
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertSaid("kept", "removed");
      }

      ann.button("Room menu").click();
      ann.choose("Change the topic");
      ann.answer("Tea & cake", "Save");
      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(tab.page().locator("#topic")).hasText("Tea & cake");
        assertThat(tab.notes().last()).hasText("The topic is now “Tea & cake”");
      }
      Tab cem = CROWD.enter(chat, "Cem");
      assertThat(cem.page().locator("#topic")).hasText("Tea & cake");
      assertThat(cem.message("kept")).isVisible();
      assertThat(cem.message("a mistake")).hasCount(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRemovedBehindSomebodysBackIsGoneForItToo(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS);
        Cable cable = new Cable(chat.page("/"))) {
      Tab ann = CROWD.enter(chat, "Ann").say("kept").say("a mistake").say("kept as well");
      Tab bob = CROWD.enter(cable.near(), "Bob");
      bob.assertSaid("kept", "a mistake", "kept as well");
      cable.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      ann.openMenuAt("a mistake").choose("Remove this message");
      ann.assertSaid("kept", "removed", "kept as well");
      cable.mend();
      bob.awaitConnected().assertSaid("kept", "removed", "kept as well");
      bob.forgetFailedConnections();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOwnerMakesSomebodyAModerator(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      Tab bob = CROWD.enter(chat, "Bob");
      ann.assertHere("Ann", "Bob");
      bob.button("Room menu").click();
      assertThat(bob.page().getByRole(AriaRole.MENUITEM)).hasCount(2);
      bob.page().keyboard().press("Escape");
      ann.openMenuOf("Bob").choose("Make a moderator");
      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(tab.person("Bob")).containsText("moderator");
        assertThat(tab.notes().last()).hasText("Bob is a moderator now");
      }
      bob.button("Room menu").click();
      bob.choose("Change the topic");
      bob.answer("by Bob", "Save");
      assertThat(ann.page().locator("#topic")).hasText("by Bob");
    }
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name).setExact(true);
  }
}
