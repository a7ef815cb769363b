package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import dev.roomful.testkit.Cable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@link Rooms} in real browsers: the server goes, or the way to it. */
class RoomsOutageBrowserTest {
  @RegisterExtension static final Crowd CROWD = new Crowd();

  @ParameterizedTest
  @EnumSource
  void aRestartOfTheServerLosesNothingThatIsShownOrTyped(Host.Kind server) throws Exception {
    Running before = Running.start(server, Example.ROOMS);
    try {
      Tab ann = CROWD.enter(before, "Ann").say("before");
      Tab bob = CROWD.enter(before, "Bob");
      bob.assertSaid("before");
      int port = before.port();
      before.close();
      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(tab.status()).containsText("Reconnecting…");
        assertThat(tab.message("before")).isVisible();
      }
      ann.say("said while it was away");
      assertThat(ann.message("said while it was away")).containsText("Waiting to be sent");
      bob.field().fill("a draft");

      try (Running again = Running.start(server, Example.ROOMS, port)) {
        for (Tab tab : new Tab[] {ann.awaitConnected(), bob.awaitConnected()}) {
          tab.assertSaid("before", "said while it was away");
          assertThat(tab.status()).isHidden();
          assertThat(tab.person("Ann")).isVisible(); // who was faster is the owner, hence the first
          assertThat(tab.person("Bob")).isVisible();
        }
        assertThat(bob.field()).hasValue("a draft");
        bob.say("welcome back");
        for (Tab tab : new Tab[] {ann, bob}) {
          tab.assertSaid("before", "said while it was away", "welcome back");
          tab.forgetFailedConnections();
        }
        CROWD.enter(again, "Cem").assertSaid("said while it was away", "welcome back");
      }
    } finally {
      before.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPulledCableCostsNothingOfWhatTheOthersSay(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS);
        Cable cable = new Cable(chat.page("/"))) {
      Tab ann = CROWD.enter(chat, "Ann").say("one");
      Tab bob = CROWD.enter(cable.near(), "Bob");
      bob.assertSaid("one");
      cable.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      bob.say("from the dark").say("and again");
      assertThat(bob.message("from the dark")).containsText("Waiting to be sent");
      ann.say("two").say("three").say("four");
      ann.assertSaid("one", "two", "three", "four");
      assertThat(bob.message("two")).hasCount(0);

      cable.mend();
      bob.button("Try now").click();
      bob.awaitConnected();
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertSaid("one", "two", "three", "four", "from the dark", "and again");
        tab.assertHere("Ann", "Bob");
      }
      assertThat(bob.log()).not().containsText("missing");
      ann.say("there you are");
      bob.assertSaid("one", "two", "three", "four", "from the dark", "and again", "there you are");
      bob.forgetFailedConnections();
    }
  }

  /** The cable is cut when the server has heard it, and before the browser knows. */
  @ParameterizedTest
  @EnumSource
  void whatWasSaidJustBeforeTheCutIsSaidOnce(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS);
        Cable cable = new Cable(chat.page("/"))) {
      Tab ann = CROWD.enter(chat, "Ann");
      Tab bob = CROWD.enter(cable.near(), "Bob");
      ann.assertHere("Ann", "Bob");
      cable.mute();
      bob.say("did you hear me?");
      ann.assertSaid("did you hear me?");
      assertThat(bob.message("did you hear me?")).hasAttribute("data-state", "waiting");
      cable.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      cable.mend();
      bob.awaitConnected().say("and now?");
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertSaid("did you hear me?", "and now?");
      }
      bob.forgetFailedConnections();
    }
  }
}
