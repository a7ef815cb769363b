package dev.roomful.tokens;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import java.time.Instant;

/** The keys with which tokens may be signed. */
interface Keys {
  /**
   * Returns what checks the signature of a token.
   *
   * @param header the token's header: chosen by whoever made the token
   * @param issuedAt when the token says that it was issued, which nobody has checked
   * @throws TokenRejectedException if there is no key for it, or none yet
   */
  JWSVerifier verifierFor(JWSHeader header, Instant issuedAt) throws TokenRejectedException;

  /** One key, with the only algorithm that may be used with it. */
  record Single(JWSAlgorithm algorithm, JWSVerifier verifier) implements Keys {
    @Override
    public JWSVerifier verifierFor(JWSHeader header, Instant issuedAt)
        throws TokenRejectedException {
      requireAlgorithm(algorithm, header);
      return verifier;
    }
  }

  /** Configured with the key, and never chosen by the token. */
  static void requireAlgorithm(JWSAlgorithm algorithm, JWSHeader header)
      throws TokenRejectedException {
    if (!header.getAlgorithm().equals(algorithm)) {
      throw TokenRejectedException.invalid("the token is not signed with " + algorithm);
    }
  }
}
