package dev.roomful.centrifuge;

import dev.roomful.Participant;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Credential;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * The identity of a client.
 *
 * @param user the user that tokens have to name, empty if anonymous
 * @param id the participant's id
 * @param name the display name
 * @param attributes the participant's attributes
 * @param expiresAt when the connection expires, in seconds since 1970; 0 for never
 * @param subs server-side subscriptions
 * @param credential by which it can be revoked
 */
record ClientIdentity(
    String user,
    String id,
    String name,
    Map<String, Object> attributes,
    long expiresAt,
    Map<String, SubscriptionTerms> subs,
    Credential credential) {
  /** {@return the identity that the authenticator decided on} */
  static ClientIdentity of(AcceptedAdmission admission) {
    Map<String, Object> attributes = new HashMap<>(admission.attributes());
    attributes.remove(SubscribeHandshake.KEY);
    Credential credential =
        Objects.requireNonNullElseGet(admission.credential(), Credential::unlimited);
    return new ClientIdentity(
        admission.id(),
        admission.id(),
        admission.name(),
        attributes,
        credential.expiresAt().map(Instant::getEpochSecond).orElse(0L),
        Map.of(),
        credential);
  }

  static ClientIdentity of(ConnectionToken token, String connectionId) {
    String id = token.user().isEmpty() ? connectionId : token.user();
    String name = ProtocolMapping.name(token.info());
    return new ClientIdentity(
        token.user(),
        id,
        name == null ? id : name,
        attributes(token),
        token.expireAt(),
        token.subs(),
        token.credential());
  }

  private static Map<String, Object> attributes(ConnectionToken token) {
    Map<String, Object> attributes = new HashMap<>();
    if (!token.info().isEmpty()) {
      attributes.put(Participant.INFO, token.info().text());
    }
    if (!token.meta().isEmpty()) {
      attributes.put(Centrifuge.META, token.meta().text());
    }
    return attributes;
  }

  /** {@return the identity of a client without a token: the same key is the same participant} */
  static ClientIdentity anonymous(String connectionId, RawData data) {
    Map<String, String> fields = ProtocolMapping.strings(data);
    String key = fields.get("key");
    String id = "anonymous-" + (key == null || key.isEmpty() ? connectionId : digest(key));
    String name = fields.getOrDefault("name", "");
    return new ClientIdentity(
        "", id, name.isEmpty() ? "Anonymous" : name, Map.of(), 0, Map.of(), Credential.unlimited());
  }

  /** Other clients see the id, and must not learn the key from it. */
  private static String digest(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("SHA-256 is missing", absent);
    }
  }
}
