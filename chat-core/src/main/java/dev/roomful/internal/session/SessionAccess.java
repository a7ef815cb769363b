package dev.roomful.internal.session;

import dev.roomful.Outcome;
import dev.roomful.admission.Credential;
import dev.roomful.internal.state.Rejections;
import dev.roomful.internal.state.RevocationState;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the access of a session's client is based on, and until when it lasts. */
final class SessionAccess {
  /** Nanoseconds can count 292 years. */
  private static final long MAX_EXPIRY_MILLIS = TimeUnit.DAYS.toMillis(36_500);

  private static final Grant UNLIMITED = new Grant(null, 0, false);

  private final Session session;
  private final Sessions sessions;
  private volatile Grant grant = UNLIMITED;

  /** A credential; when it ends, on the clock of deadlines, because that of the day may be set. */
  private record Grant(@Nullable Credential credential, long end, boolean ends) {
    boolean isOver(long now) {
      return ends && now - end >= 0;
    }
  }

  SessionAccess(Session session, Sessions sessions) {
    this.session = session;
    this.sessions = sessions;
  }

  /** Begins with the credential of the admission, or without any. */
  void begin(@Nullable Credential credential) {
    grant = credential == null ? UNLIMITED : grantOf(credential);
  }

  private Grant grantOf(Credential credential) {
    if (credential.expiresAt().isEmpty()) {
      return new Grant(credential, 0, false);
    }
    long millis =
        credential.expiresAt().get().toEpochMilli()
            - sessions.environment.scheduler().currentTimeMillis();
    long nanos = TimeUnit.MILLISECONDS.toNanos(Math.min(millis, MAX_EXPIRY_MILLIS));
    return new Grant(credential, session.now() + nanos, true);
  }

  /** Replaces the credential, unless it has no effect. */
  Outcome renew(Credential credential) {
    Grant renewed = grantOf(credential);
    if (session.endpoint == null && renewed.isOver(session.now())) {
      return Outcome.rejected(Rejections.expired());
    }
    Grant before = grant;
    grant = renewed;
    // After it is set: a revocation at the same time finds it, or is found.
    if (isRevoked()) {
      grant = before;
      return Outcome.rejected(Rejections.revoked());
    }
    return session.isClosed() ? Rejections.gone() : Outcome.done();
  }

  /** Whether what it is based on was revoked. */
  boolean isRevoked() {
    return sessions.revocations.isRevoked(session.participant().id(), grant.credential());
  }

  /** Whether a new revocation ends it because nobody knows when it was issued. */
  boolean isConcernedBy(RevocationState.@Nullable Entry added) {
    return added != null && added.concernsUndated(session.participant().id(), grant.credential());
  }

  /** Whether a plain text connection has no access any more; those of protocols see to that. */
  boolean isExpired(long now) {
    return session.endpoint == null && grant.isOver(now);
  }
}
