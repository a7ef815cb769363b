package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** Attacks on users of the page of {@link RoomsExample}, in a real browser. */
class PageAttackBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  /** Each would set {@code window.hacked} in a page that takes text for HTML or an address. */
  private static final List<String> CORPUS =
      List.of(
          "<script>window.hacked=1</script>",
          "</p></article><script>window.hacked=1</script>",
          "<ScRiPt src=data:text/javascript,window.hacked=1></sCrIpT>",
          "<img src=x onerror=window.hacked=1>",
          "<img src=`x` onerror=window.hacked=1>",
          "<svg onload=window.hacked=1>",
          "<svg><animate onbegin=window.hacked=1 attributeName=x dur=1s>",
          "<svg><script>window.hacked=1</script></svg>",
          "<math><mtext></mtext><mglyph><svg><mtext><img src=x onerror=window.hacked=1>",
          "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
          "<iframe src=javascript:parent.hacked=1></iframe>",
          "<object data=javascript:window.hacked=1></object>",
          "<embed src=javascript:window.hacked=1>",
          "<body onload=window.hacked=1>",
          "<details open ontoggle=window.hacked=1>",
          "<input autofocus onfocus=window.hacked=1>",
          "<video><source onerror=window.hacked=1></video>",
          "<style>@import'javascript:window.hacked=1'</style>",
          "<link rel=stylesheet href=//evil.example/x.css>",
          "<meta http-equiv=refresh content='0;url=javascript:window.hacked=1'>",
          "<base href=//evil.example/>",
          "<form action=javascript:window.hacked=1><button>go</button></form>",
          "<a href=javascript:window.hacked=1>a</a>",
          "[a](javascript:window.hacked=1)",
          "javascript:window.hacked=1",
          "data:text/html,<script>window.hacked=1</script>",
          "https://example.org/\"onmouseover=\"window.hacked=1",
          "https://example.org/'><img src=x onerror=window.hacked=1>",
          "`<img src=x onerror=window.hacked=1>`",
          "```html\n<img src=x onerror=window.hacked=1>\n```",
          "> <img src=x onerror=window.hacked=1>",
          "**<img src=x onerror=window.hacked=1>**",
          "&lt;img src=x onerror=window.hacked=1&gt;",
          "&#x3C;script&#x3E;window.hacked=1&#x3C;/script&#x3E;",
          "\\u003cimg src=x onerror=window.hacked=1\\u003e",
          "{{constructor.constructor('window.hacked=1')()}}",
          "${window.hacked=1}",
          "'-(window.hacked=1)-'",
          "\";window.hacked=1;//",
          "<!--><img src=x onerror=window.hacked=1>-->",
          "<noscript><p title=\"</noscript><img src=x onerror=window.hacked=1>\">",
          "\u202e<img src=x onerror=window.hacked=1>",
          "<img/src=x\u0000onerror=window.hacked=1>");

  private static String json(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  @Test
  void nothingThatAParticipantStoresRunsInThePagesOfOthers() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      RoomsClient eve = RoomsClient.join(chat, "<b>Eve", "lobby");
      for (String attack : CORPUS) {
        assertTrue(eve.publish("lobby", "{\"text\":" + json(attack) + "}").has("publish"), attack);
      }
      eve.publish("lobby", "{\"text\":\"the last\",\"reply\":" + json(CORPUS.get(3)) + "}");
      assertHarmless(ann);
      ann.page().reload();
      ann.awaitJoined(); // and the history is shown
      assertHarmless(ann);
      eve.close();
    }
  }

  private static void assertHarmless(Tab tab) {
    assertThat(tab.message("the last")).isVisible();
    assertThat(tab.message("window.hacked")).hasCount(CORPUS.size() - withoutHacked());
    assertEquals(
        0,
        tab.log()
            .locator("script, iframe, object, embed, svg [onload], form, link, meta, base, style")
            .count());
    assertEquals(0, tab.log().locator("[onerror], [onload], [ontoggle], [onfocus]").count());
    assertEquals(0, tab.log().locator("a:not([href^='https://'], [href^='http://'])").count());
    assertFalse((boolean) tab.page().evaluate("'hacked' in window"));
  }

  private static int withoutHacked() {
    return (int) CORPUS.stream().filter(attack -> !attack.contains("window.hacked")).count();
  }

  @ParameterizedTest
  @EnumSource
  void aPageOfAnotherOriginCannotShowThePageInAFrame(Host.Kind server) throws Exception {
    try (RunningExample chat = TABS.start(server)) {
      HttpServer evil =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      evil.createContext(
          "/",
          exchange -> {
            byte[] page =
                ("<!doctype html><link rel=icon href=data:,><iframe src='" + chat.uri("/") + "'>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      evil.start();
      try {
        Tab tab = TABS.open(URI.create("http://localhost:" + evil.getAddress().getPort() + "/"));
        Page page = tab.page();
        page.waitForLoadState();
        assertEquals(2, page.frames().size());
        Frame framed = page.frames().get(1);
        assertEquals(0, framed.locator("#people, form, input").count());
        tab.assertErrorsAre("frame-ancestors");
      } finally {
        evil.stop(0);
      }
    }
  }
}
