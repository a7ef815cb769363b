package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roomful.tokens.Tokens;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: connection tokens. */
class RoomsTokenBrowserTest {
  private static final String SECRET = "a secret of thirty-two bytes, at least";

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void aTokenIsAskedForFirstAndAnInvalidOneIsReported() throws Exception {
    try (RunningExample chat = start()) {
      Tab ann = TABS.open(chat.uri("/"));
      Locator token = ann.page().getByLabel("Your token");
      assertThat(token).isFocused();
      assertThat(ann.page().getByLabel("Your name").first()).isHidden();

      Locator alert = ann.page().locator("#sign-in-form").getByRole(AriaRole.ALERT);
      token.fill(token("ann", "Ann of the token") + "x");
      ann.button("Enter").click();
      assertThat(alert).hasText("Invalid token.");
      assertThat(ann.log()).isHidden();
      token.fill(token("ann", "Ann of the token"));
      ann.button("Enter").click();
      ann.awaitJoined().assertParticipants("Ann of the token");
      ann.send("it is me").assertMessages("it is me");

      ann.page().reload();
      ann.awaitJoined().assertParticipants("Ann of the token").assertMessages("it is me");
    }
  }

  @Test
  void aTokenInTheAddressIsUsedAndRemovedFromIt() throws Exception {
    try (RunningExample chat = start()) {
      URI page = chat.uri("/");
      Tab ann = TABS.open(URI.create(page + "#token=" + token("ann", "Ann"))).awaitJoined();
      Tab bob =
          TABS.open(URI.create(page + "#room=tea&token=" + token("bob", "Bob"))).awaitJoined();
      assertThat(ann.page()).hasURL(page + "#room=lobby");
      assertThat(bob.page()).hasURL(page + "#room=tea");
      bob.assertParticipants("Bob").room("lobby").click();
      ann.assertParticipants("Ann", "Bob");
    }
  }

  private static RunningExample start() throws Exception {
    return TABS.start(Tokens.hs256(SECRET));
  }

  private static String token(String user, String name) {
    return Hs256.sign(SECRET, "{\"sub\":\"%s\",\"info\":{\"name\":\"%s\"}}".formatted(user, name));
  }
}
