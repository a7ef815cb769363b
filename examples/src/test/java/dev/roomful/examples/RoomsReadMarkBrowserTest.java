package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.tokens.Tokens;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The page of {@link RoomsExample} in real browsers: what a user has read on another device. */
class RoomsReadMarkBrowserTest {
  private static final String SECRET = "a secret of thirty-two bytes, at least";

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void whatIsReadOnOneDeviceIsReadOnTheOthers() throws Exception {
    try (RunningExample chat = TABS.start(Tokens.hs256(SECRET))) {
      Tab laptop = open(chat, "ann", "tea").switchToRoom("lobby");
      Tab desktop = open(chat, "ann", "tea");
      desktop.page().navigate(chat.uri("/") + "#room=lobby");
      desktop.awaitJoined();
      Tab bob = open(chat, "bob", "tea");
      bob.send("one").send("two");
      for (Tab tab : new Tab[] {laptop, desktop}) {
        assertThat(tab.room("tea")).containsText("2 unread");
      }
      laptop.room("tea").click();
      laptop.assertMessages("one", "two");
      assertThat(laptop.room("tea")).not().containsText("unread");
      assertThat(desktop.room("tea")).not().containsText("unread");

      laptop.room("lobby").click();
      Axe.assertFindsNothingInLightAndDark(laptop, "rooms that are read");
      bob.send("three");
      assertThat(desktop.room("tea")).containsText("1 unread");
      Tab tablet = open(chat, "ann", "lobby").switchToRoom("tea");
      tablet.assertMessages("one", "two", "three");
      assertThat(tablet.log().locator(".line + article .what")).hasText("three");
      Axe.assertFindsNothingInLightAndDark(tablet, "the line above unread messages");
      for (Tab tab : new Tab[] {laptop, desktop}) {
        assertThat(tab.room("tea")).not().containsText("unread");
      }
    }
  }

  @Test
  void aReadMarkIsInTheWelcomeAndMovesByACall() throws Exception {
    try (RunningExample chat = TABS.start();
        RoomsClient ann = RoomsClient.join(chat, "Ann", "lobby");
        RoomsClient phone = RoomsClient.connect(chat, "Ann")) {
      ann.publish("lobby", "{\"text\":\"one\"}");
      JsonNode welcome = phone.subscribe("lobby");
      assertEquals("", welcome.at("/data/read").asString(""));
      String epoch = welcome.path("epoch").asString();
      String mark = "{\"room\":\"%s\",\"epoch\":\"%s\",\"offset\":%d}";
      assertEquals("{}", ann.call("read", mark.formatted("lobby", epoch, 1)).toString());
      JsonNode notice = phone.nextPush().path("pub");
      while (!notice.path("tags").has("roomful.reader")) {
        notice = phone.nextPush().path("pub");
      }
      assertEquals(epoch + ":1", notice.path("tags").path("roomful.read").asString());
      assertEquals(404, ann.call("read", mark.formatted("lobby", epoch, 99)).path("code").asInt());
      assertEquals(404, ann.call("read", mark.formatted("no room", epoch, 1)).path("code").asInt());
      assertEquals(400, ann.call("read", mark.formatted("lobby", "", 1)).path("code").asInt());
      try (RoomsClient tablet = RoomsClient.connect(chat, "Ann")) {
        assertEquals(epoch + ":1", tablet.subscribe("lobby").at("/data/read").asString());
      }
    }
  }

  /** Opens a room on a device of its own, as the user of a token. */
  private static Tab open(RunningExample chat, String user, String room) {
    String token =
        Hs256.sign(SECRET, "{\"sub\":\"%s\",\"info\":{\"name\":\"%s\"}}".formatted(user, user));
    return TABS.open(URI.create(chat.uri("/") + "#room=" + room + "&token=" + token)).awaitJoined();
  }
}
