package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of {@link RoomsExample} in real browsers: rooms that only invited people see. */
class RoomsPrivateBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @ParameterizedTest
  @CsvSource({"1280, 800, desktop", "390, 844, phone"})
  void whoIsInvitedChatsInARoomThatOthersDoNotSee(int width, int height, String device)
      throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob");
      Tab cem = TABS.join(chat, "Cem");
      ann.assertParticipants("Ann", "Bob", "Cem");
      for (Tab tab : new Tab[] {ann, bob, cem}) {
        tab.page().setViewportSize(width, height);
      }
      find(ann, "Plans");
      ann.screenshot("rooms-private-create-" + device);
      options(ann).filter(new Locator.FilterOptions().setHasText("invite-only")).click();
      assertThat(ann.title()).hasText("plans");
      ann.send("only for us").assertMessages("only for us");
      String link = ann.page().url();
      chooseInRoomMenu(ann, "Invite somebody");
      Locator dialog = ann.page().getByRole(AriaRole.DIALOG);
      dialog.getByRole(AriaRole.TEXTBOX).fill("nobody");
      ann.button("Invite").click();
      assertThat(dialog.getByRole(AriaRole.ALERT))
          .hasText("Nobody in your rooms is called nobody.");
      ann.screenshot("rooms-private-invite-" + device);
      ann.submitDialog("@bob", "Invite");

      showRooms(bob, device);
      assertThat(bob.room("plans")).containsText("(invite-only)");
      assertThat(bob.room("plans")).containsText("1 unread");
      bob.screenshot("rooms-private-invited-" + device);
      bob.room("plans").click();
      bob.assertMessages("only for us").send("thanks");
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("only for us", "thanks").assertParticipants("Ann", "Bob");
      }
      Axe.assertFindsNothingInLightAndDark(ann, "a private room");
      ann.screenshot("rooms-private-" + device);

      find(cem, "plans");
      assertThat(options(cem))
          .hasText(new String[] {"+Create a new room plans", "+Create an invite-only room plans"});
      cem.page().keyboard().press("Escape");
      assertClosed(cem, link);

      bob.page().reload();
      bob.awaitJoined().assertMessages("only for us", "thanks");
      assertThat(bob.title()).hasText("plans");
      chooseInRoomMenu(bob, "Leave this room");
      assertThat(bob.title()).hasText("lobby");
      ann.assertParticipants("Ann");
      assertClosed(bob, link);
    }
  }

  private static void find(Tab tab, String room) {
    tab.page().keyboard().press("Control+k");
    tab.page().getByRole(AriaRole.COMBOBOX).fill(room);
  }

  private static Locator options(Tab tab) {
    return tab.page().getByRole(AriaRole.OPTION);
  }

  private static void chooseInRoomMenu(Tab tab, String item) {
    tab.button("Room menu").click();
    tab.chooseMenuItem(item);
  }

  /** On a phone the rooms are in a drawer. */
  private static void showRooms(Tab tab, String device) {
    if (device.equals("phone")) {
      tab.page().locator("#rooms-open").click();
    }
  }

  private static void assertClosed(Tab tab, String link) {
    tab.page().navigate(link);
    assertThat(tab.page().locator("#not-joined").getByRole(AriaRole.ALERT))
        .hasText("You cannot join plans right now: you have not been invited to this room.");
    assertThat(tab.messages()).hasCount(0);
  }
}
