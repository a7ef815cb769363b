package dev.roomful.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.util.List;

/** Keys of a login service, which signs tokens with the newest one. */
final class TestKeys {
  private JWKSet published = new JWKSet();
  private ECKey newest;

  TestKeys() {
    newest = newKey("first");
    published = new JWKSet(newest);
  }

  private static ECKey newKey(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Publishes another key in place of the present one. */
  void rotate(String id) {
    newest = newKey(id);
    published = new JWKSet(List.of(newest));
  }

  String document() {
    return published.toString(true);
  }

  String sign(String claims) {
    try {
      JWSObject token =
          new JWSObject(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(newest.getKeyID()).build(),
              new Payload(claims));
      token.sign(new ECDSASigner(newest));
      return token.serialize();
    } catch (JOSEException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
