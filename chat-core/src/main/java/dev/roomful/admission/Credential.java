package dev.roomful.admission;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the access of a connection is based on, such as a token: when it was issued, until when it
 * is valid, and by which id it can be revoked. Immutable; each {@code with} method returns a
 * changed copy.
 */
public final class Credential {
  private static final Credential UNLIMITED = new Credential(null, null, null);

  private final @Nullable Instant expiresAt;
  private final @Nullable Instant issuedAt;
  private final @Nullable String tokenId;

  private Credential(
      @Nullable Instant expiresAt, @Nullable Instant issuedAt, @Nullable String tokenId) {
    this.expiresAt = expiresAt;
    this.issuedAt = issuedAt;
    this.tokenId = tokenId;
  }

  /** {@return a credential that does not expire} */
  public static Credential unlimited() {
    return UNLIMITED;
  }

  /**
   * Returns a credential that expires. A plain text connection is closed with {@code
   * CloseStatus.EXPIRED} then, whether it sends or only listens, unless {@code Message.renew} has
   * replaced the credential before. Connections with a protocol expire as the protocol says.
   *
   * @param time when it expires
   * @return the credential
   */
  public static Credential expiringAt(Instant time) {
    return new Credential(Objects.requireNonNull(time, "time"), null, null);
  }

  /**
   * Returns a copy with the time of issue, for {@code Revocation.withIssuedBefore}.
   *
   * @param time when it was issued
   * @return the changed copy
   */
  public Credential withIssuedAt(Instant time) {
    return new Credential(expiresAt, Objects.requireNonNull(time, "time"), tokenId);
  }

  /**
   * Returns a copy with the id of the token ({@code jti}, RFC 7519 section 4.1.7), for {@code
   * Revocation.ofToken}.
   *
   * @param id the id
   * @return the changed copy
   */
  public Credential withTokenId(String id) {
    return new Credential(expiresAt, issuedAt, Objects.requireNonNull(id, "id"));
  }

  /** {@return when it expires, empty if it does not} */
  public Optional<Instant> expiresAt() {
    return Optional.ofNullable(expiresAt);
  }

  /** {@return when it was issued, empty if that is not known} */
  public Optional<Instant> issuedAt() {
    return Optional.ofNullable(issuedAt);
  }

  /** {@return the id of the token, empty if it has none} */
  public Optional<String> tokenId() {
    return Optional.ofNullable(tokenId);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Credential that
        && Objects.equals(expiresAt, that.expiresAt)
        && Objects.equals(issuedAt, that.issuedAt)
        && Objects.equals(tokenId, that.tokenId);
  }

  @Override
  public int hashCode() {
    return Objects.hash(expiresAt, issuedAt, tokenId);
  }

  @Override
  public String toString() {
    return "Credential{expiresAt=" + expiresAt + ", issuedAt=" + issuedAt + "}";
  }
}
