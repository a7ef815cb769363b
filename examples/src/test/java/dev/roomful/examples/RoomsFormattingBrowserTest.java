package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: the format of messages. */
class RoomsFormattingBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void messagesAreShownWithEmphasisCodeAndQuotes() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob");
      ann.send("**bold** *italic* ~~gone~~ `a *b*` https://example.org/");
      ann.send("> *Who* has the key?\n> It is urgent\nI have :key: :tada:");
      ann.send("Try this:\n```sh\ncurl -fsS https://example.org/ | tar xz\n```\nand tell me");
      Locator messages = bob.messages();
      assertThat(messages).hasCount(3);
      assertThat(messages.locator("strong")).hasText("bold");
      assertThat(messages.locator("em")).hasText(new String[] {"italic", "Who"});
      assertThat(messages.locator("del")).hasText("gone");
      assertThat(messages.locator("p code")).hasText("a *b*");
      assertThat(messages.locator("blockquote")).hasText("Who has the key?\nIt is urgent");
      assertThat(messages.nth(1)).containsText("I have :key: 🎉");
      assertThat(messages.locator("pre")).hasText("curl -fsS https://example.org/ | tar xz");
      assertThat(messages.locator("a")).hasText("https://example.org/");
      Axe.assertFindsNothingInLightAndDark(bob, "formatted messages");
      bob.screenshot("rooms-formatted");
      bob.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      bob.page().setViewportSize(390, 844);
      bob.screenshot("rooms-formatted-phone-dark");
    }
  }

  @Test
  void textThatLooksLikeHtmlRemainsText() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      String html = "<img src=x onerror=alert(1)> <b>bold</b> &amp; [a](javascript:alert(1))";
      ann.send(html).assertMessages(html);
      assertThat(ann.messages().locator("img, b, a")).hasCount(0);
    }
  }
}
