package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link TokenChat} in real browsers. */
class TokenChatBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  private final List<String> sentByAnn = new ArrayList<>();

  private static void logIn(Tab tab, String user) {
    tab.page().getByLabel("Name").fill(user);
    tab.button("Log in").click();
    assertThat(status(tab)).hasText("Connected as " + user);
  }

  private static Locator status(Tab tab) {
    return tab.page().getByRole(AriaRole.STATUS);
  }

  private long renewals() {
    return sentByAnn.stream().filter(text -> text.startsWith("/token ")).count();
  }

  @Test
  void twoUsersChatRenewTheirTokensAndLogOut() throws Exception {
    try (TokenChat chat = new TokenChat("a secret of thirty-two bytes, at least", 0)) {
      Tab ann = TABS.open(chat.uri());
      Page page = ann.page();
      page.onWebSocket(socket -> socket.onFrameSent(frame -> sentByAnn.add(frame.text())));
      ann.clock().install();
      Tab bob = TABS.open(chat.uri());
      logIn(ann, "ann");
      logIn(bob, "bob");
      ann.send("hello");
      assertThat(bob.log()).hasText("ann: hello");

      assertEquals(0, renewals());
      ann.clock().fastForward(30_000);
      page.waitForCondition(() -> renewals() == 1);
      bob.send("still there?");
      assertThat(ann.log()).hasText("ann: hellobob: still there?");
      ann.send("yes");
      String all =
          "ann: hellobob: still there?ann: yes"; // no answer to the renewal: it is accepted
      assertThat(ann.log()).hasText(all);
      assertThat(bob.log()).hasText(all);
      bob.screenshot("token-chat");

      ann.button("Log out").click();
      assertThat(page.getByLabel("Name")).isVisible();
      bob.send("and now?");
      assertThat(bob.log()).hasText(all + "bob: and now?");
      assertThat(ann.log()).isEmpty();
      bob.page().close();
    }
  }
}
