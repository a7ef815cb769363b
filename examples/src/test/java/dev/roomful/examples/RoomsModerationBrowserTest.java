package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roomful.testkit.TcpProxy;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: moderation by the owner of a room. */
class RoomsModerationBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void aRemovedPersonSeesTheReasonAndCanRejoin() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob").send("buy my watches");
      Tab cem = TABS.join(chat, "Cem");
      ann.assertParticipants("Ann", "Bob", "Cem");
      ann.openMenuOfPerson("Bob").chooseMenuItem("Remove from the room…");
      ann.submitDialog("no advertising, please", "Remove");

      assertThat(bob.page().locator("#not-joined").getByRole(AriaRole.ALERT))
          .hasText("You were removed from lobby: no advertising, please.");
      assertThat(bob.messageField()).isHidden();
      for (Tab tab : new Tab[] {ann, cem}) {
        tab.assertParticipants("Ann", "Cem");
        assertThat(tab.notes().last())
            .hasText("Bob was removed from the room: no advertising, please");
      }
      bob.button("Rejoin").click();
      cem.assertParticipants("Ann", "Bob", "Cem");
      bob.send("sorry");
      for (Tab tab : new Tab[] {ann, bob, cem}) {
        tab.assertMessages("buy my watches", "sorry");
      }

      ann.openMenuOfPerson("Bob").chooseMenuItem("Ban for an hour…");
      ann.submitDialog("again", "Ban");
      Locator why = bob.page().locator("#not-joined").getByRole(AriaRole.ALERT);
      assertThat(why)
          .hasText(Pattern.compile("You are banned from lobby until .*[0-9].*: again\\."));
      bob.button("Try again").click();
      assertThat(why).containsText("You are banned from lobby until ");
      bob.page().reload();
      assertThat(why)
          .hasText(Pattern.compile("You are banned from lobby until .*[0-9].*: again\\."));
      cem.assertParticipants("Ann", "Cem");

      ann.button("Room menu").click();
      ann.chooseMenuItem("Bans and mutes");
      Locator dialog = ann.page().getByRole(AriaRole.DIALOG);
      assertThat(dialog.getByRole(AriaRole.LISTITEM)).containsText("Bob");
      assertThat(dialog.getByRole(AriaRole.LISTITEM)).containsText(": again");
      dialog.getByRole(AriaRole.BUTTON, named("Unban Bob")).click();
      assertThat(dialog.getByRole(AriaRole.STATUS)).hasText("Nobody is banned or muted.");
      dialog.getByRole(AriaRole.BUTTON, named("Close")).click();
      bob.button("Try again").click();
      cem.assertParticipants("Ann", "Bob", "Cem");
    }
  }

  @Test
  void aMutedPersonSeesWhyNothingIsSent() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob");
      ann.openMenuOfPerson("Bob").chooseMenuItem("Mute for 10 minutes…");
      ann.submitDialog("count to ten", "Mute");
      Locator muted = bob.page().locator("#muted");
      assertThat(muted).hasText(Pattern.compile("You are muted until .*[0-9].*: count to ten\\."));
      bob.page().reload();
      assertThat(muted).hasText(Pattern.compile("You are muted until .*[0-9].*: count to ten\\."));
      bob.send("GRRR");
      Locator rejected = bob.message("GRRR");
      assertThat(rejected).containsText("Not sent:");
      assertThat(rejected).containsText("count to ten");
      ann.send("peace");
      ann.assertMessages("peace");
      assertThat(bob.message("peace")).isVisible();

      ann.openMenuOfPerson("Bob").chooseMenuItem("Unmute");
      assertThat(ann.page().locator("#toast")).hasText("Bob is no longer muted.");
      assertThat(muted).isHidden();
      rejected.getByRole(AriaRole.BUTTON, named("Try again")).click();
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("peace", "GRRR");
      }
    }
  }

  @Test
  void everyoneSeesADeletedMessageAndANewTopic() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann").send("kept");
      Tab bob = TABS.join(chat, "Bob").send("a mistake");
      ann.assertMessages("kept", "a mistake");
      ann.openMenuOfMessage("a mistake").chooseMenuItem("Remove this message");
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("kept", "removed");
      }

      ann.button("Room menu").click();
      ann.chooseMenuItem("Change the topic");
      ann.submitDialog("Tea & cake", "Save");
      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(tab.page().locator("#topic")).hasText("Tea & cake");
        assertThat(tab.notes().last()).hasText("The topic is now “Tea & cake”");
      }
      Tab cem = TABS.join(chat, "Cem");
      assertThat(cem.page().locator("#topic")).hasText("Tea & cake");
      assertThat(cem.message("kept")).isVisible();
      assertThat(cem.message("a mistake")).hasCount(0);
    }
  }

  @Test
  void everybodyDeletesOwnMessagesOnly() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann").send("from Ann");
      Tab bob = TABS.join(chat, "Bob").send("a mistake");
      bob.assertMessages("from Ann", "a mistake").openMenuOfMessage("from Ann");
      assertThat(bob.page().getByRole(AriaRole.MENU)).not().containsText("this message");
      bob.page().keyboard().press("Escape");
      bob.openMenuOfMessage("a mistake").chooseMenuItem("Delete this message");
      ann.assertMessages("from Ann", "removed");

      bob.openMenuOfPerson("Ann").chooseMenuItem("Write a direct message");
      bob.send("between us").assertMessages("between us");
      ann.room("Bob").click();
      ann.assertMessages("between us").openMenuOfMessage("between us");
      assertThat(ann.page().getByRole(AriaRole.MENU)).not().containsText("this message");
      ann.page().keyboard().press("Escape");
      bob.openMenuOfMessage("between us").chooseMenuItem("Delete this message");
      ann.assertMessages("removed");
      bob.assertMessages("removed");
    }
  }

  @Test
  void aMessageDeletedDuringAnOutageIsRemovedAfterTheReconnect() throws Exception {
    try (RunningExample chat = TABS.start();
        TcpProxy proxy = new TcpProxy(chat.uri("/"))) {
      Tab ann = TABS.join(chat, "Ann").send("kept").send("a mistake").send("kept as well");
      Tab bob = TABS.join(proxy.address(), "Bob");
      bob.assertMessages("kept", "a mistake", "kept as well");
      proxy.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      ann.openMenuOfMessage("a mistake").chooseMenuItem("Delete this message");
      ann.assertMessages("kept", "removed", "kept as well");
      proxy.restore();
      bob.awaitConnected().assertMessages("kept", "removed", "kept as well");
      bob.forgetFailedConnections();
    }
  }

  @Test
  void theOwnerAppointsAModerator() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob");
      ann.assertParticipants("Ann", "Bob");
      bob.button("Room menu").click();
      assertThat(bob.page().getByRole(AriaRole.MENU)).containsText("Leave this room");
      assertThat(bob.page().getByRole(AriaRole.MENU)).not().containsText("topic");
      bob.page().keyboard().press("Escape");
      ann.openMenuOfPerson("Bob").chooseMenuItem("Make a moderator");
      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(tab.person("Bob")).containsText("moderator");
        assertThat(tab.notes().last()).hasText("Bob is a moderator now");
      }
      bob.button("Room menu").click();
      bob.chooseMenuItem("Change the topic");
      bob.submitDialog("by Bob", "Save");
      assertThat(ann.page().locator("#topic")).hasText("by Bob");
    }
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name).setExact(true);
  }
}
