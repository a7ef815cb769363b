package dev.roomful.tokens;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** Any token without the right signature is rejected; any claims are read or rejected. */
class TokenFuzzTest {
  private static final Tokens TOKENS = Tokens.hs256("0123456789abcdef0123456789abcdef");

  @FuzzTest
  void anyTextIsRejected(byte[] utf8) {
    assertTrue(isRejected(new String(utf8, StandardCharsets.UTF_8)));
  }

  @FuzzTest
  void anyHeaderAndClaimsAreRejected(byte[] json) {
    int cut = json.length / 2;
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    assertTrue(
        isRejected(
            base64.encodeToString(Arrays.copyOf(json, cut))
                + "."
                + base64.encodeToString(Arrays.copyOfRange(json, cut, json.length))
                + ".AAAA"));
  }

  private static boolean isRejected(String token) {
    try {
      TOKENS.verify(token, Instant.EPOCH);
      return false;
    } catch (TokenRejectedException rejected) {
      return true;
    }
  }

  @FuzzTest
  void anyClaimsAreReadOrRejected(byte[] json) {
    try {
      Token.parse(new String(json, StandardCharsets.UTF_8))
          .check("issuer", "audience", Instant.EPOCH);
    } catch (TokenRejectedException rejected) {
      assertTrue(rejected.rejection().status() >= 400);
    }
  }
}
