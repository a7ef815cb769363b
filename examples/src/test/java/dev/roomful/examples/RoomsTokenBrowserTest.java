package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roomful.centrifuge.Tokens;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@link Rooms} in real browsers: only who has a token is let in. */
class RoomsTokenBrowserTest {
  private static final String SECRET = "a secret of thirty-two bytes, at least";

  @RegisterExtension static final Crowd CROWD = new Crowd();

  @ParameterizedTest
  @EnumSource
  void whoHasNoTokenIsAskedForOneAndABadOneIsTold(Host.Kind server) throws Exception {
    try (Running chat = start(server)) {
      Tab ann = CROWD.open(chat.page("/"));
      ann.page().getByLabel("Your name").first().fill("Ann");
      ann.button("Enter").click();
      Locator token = ann.page().getByLabel("Your token");
      assertThat(token).isFocused();
      assertThat(ann.page().getByLabel("Your name").first()).isHidden();

      Locator trouble = ann.page().locator("#enter").getByRole(AriaRole.ALERT);
      token.fill(token("ann", "Ann of the token") + "x");
      ann.button("Enter").click();
      assertThat(trouble).hasText("Invalid token.");
      assertThat(ann.log()).isHidden();
      token.fill(token("ann", "Ann of the token"));
      ann.button("Enter").click();
      ann.awaitInside().assertHere("Ann of the token");
      ann.say("it is me").assertSaid("it is me");

      ann.page().reload();
      ann.awaitInside().assertHere("Ann of the token").assertSaid("it is me");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTokenInTheAddressLetsInAndIsNotLeftThere(Host.Kind server) throws Exception {
    try (Running chat = start(server)) {
      URI page = chat.page("/");
      Tab ann = CROWD.open(URI.create(page + "#token=" + token("ann", "Ann"))).awaitInside();
      Tab bob =
          CROWD.open(URI.create(page + "#room=tea&token=" + token("bob", "Bob"))).awaitInside();
      assertThat(ann.page()).hasURL(page + "#room=lobby");
      assertThat(bob.page()).hasURL(page + "#room=tea");
      bob.assertHere("Bob").room("lobby").click();
      ann.assertHere("Ann", "Bob");
    }
  }

  private static Running start(Host.Kind server) throws Exception {
    return Running.start(server, Example.ROOMS, 0, Optional.of(Tokens.hs256(SECRET)));
  }

  /** A connection token, signed with HS256 (RFC 7515). */
  private static String token(String user, String name) throws GeneralSecurityException {
    String claims = "{\"sub\":\"%s\",\"info\":{\"name\":\"%s\"}}".formatted(user, name);
    String signed =
        base64("{\"alg\":\"HS256\"}".getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    return signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
