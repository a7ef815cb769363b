package dev.roomful;

import dev.roomful.internal.validation.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Chat#revoke(Revocation)} revokes: one token, or all that was issued before a time, to
 * one participant or to all. Immutable; each {@code with} method returns a changed copy.
 */
public final class Revocation {
  private static final Duration DEFAULT_LIFETIME = Duration.ofDays(1);
  private static final Duration MAX_LIFETIME = Duration.ofDays(365);

  private final @Nullable String tokenId;
  private final @Nullable String participantId;
  private final Instant issuedBefore;
  private final Duration lifetime;

  private Revocation(
      @Nullable String tokenId,
      @Nullable String participantId,
      Instant issuedBefore,
      Duration lifetime) {
    this.tokenId = tokenId;
    this.participantId = participantId;
    this.issuedBefore = issuedBefore;
    this.lifetime = lifetime;
  }

  /**
   * Returns the revocation of one token.
   *
   * @param tokenId its id ({@code jti}), as of {@code Credential.withTokenId}
   * @return the revocation
   */
  public static Revocation ofToken(String tokenId) {
    return new Revocation(
        Objects.requireNonNull(tokenId, "tokenId"), null, Instant.MAX, DEFAULT_LIFETIME);
  }

  /**
   * Returns the revocation of all that was issued to a participant until now, as after a change of
   * its password.
   *
   * @param participantId the participant's id
   * @return the revocation
   */
  public static Revocation ofParticipant(String participantId) {
    return new Revocation(
        null,
        Objects.requireNonNull(participantId, "participantId"),
        Instant.now(),
        DEFAULT_LIFETIME);
  }

  /** {@return the revocation of all that was issued until now, as after the theft of a key} */
  public static Revocation ofAll() {
    return new Revocation(null, null, Instant.now(), DEFAULT_LIFETIME);
  }

  /**
   * Sets before which time a credential must have been issued to be revoked. Tokens have whole
   * seconds ({@code iat}): one that is issued in the second of the revocation is revoked too.
   *
   * @param time by default the time at which this object was created
   * @return a changed copy
   * @throws IllegalStateException if one token is revoked
   */
  public Revocation withIssuedBefore(Instant time) {
    if (tokenId != null) {
      throw new IllegalStateException(
          "the revocation is of token " + tokenId + " whenever it was issued: use ofParticipant");
    }
    return new Revocation(null, participantId, Objects.requireNonNull(time, "time"), lifetime);
  }

  /**
   * Sets for how long the revocation is remembered: as long as what it revokes may be valid.
   *
   * @param lifetime the longest time for which tokens are valid; at most 365 days, by default one
   *     day
   * @return a changed copy
   */
  public Revocation withLifetime(Duration lifetime) {
    Arguments.requireTimeout(lifetime, "lifetime");
    return new Revocation(
        tokenId,
        participantId,
        issuedBefore,
        Arguments.requireAtMost(MAX_LIFETIME, lifetime, "lifetime"));
  }

  /** {@return the id of the token that is revoked, if it is one} */
  public Optional<String> tokenId() {
    return Optional.ofNullable(tokenId);
  }

  /** {@return the id of the participant whose credentials are revoked, if it is one} */
  public Optional<String> participantId() {
    return Optional.ofNullable(participantId);
  }

  /** {@return before which time what is revoked was issued; irrelevant for a token} */
  public Instant issuedBefore() {
    return issuedBefore;
  }

  /** {@return for how long it is remembered} */
  public Duration lifetime() {
    return lifetime;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Revocation that
        && Objects.equals(tokenId, that.tokenId)
        && Objects.equals(participantId, that.participantId)
        && issuedBefore.equals(that.issuedBefore)
        && lifetime.equals(that.lifetime);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tokenId, participantId, issuedBefore, lifetime);
  }

  @Override
  public String toString() {
    String what =
        tokenId != null
            ? "token " + tokenId
            : (participantId == null ? "all" : "participant " + participantId)
                + ", issued before "
                + issuedBefore;
    return "Revocation{" + what + ", lifetime=" + lifetime + "}";
  }
}
