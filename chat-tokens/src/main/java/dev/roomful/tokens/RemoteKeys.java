package dev.roomful.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a JSON Web Key Set (RFC 7517) at an address. A thread of its own fetches them, so
 * that nobody waits; a token that needs a key which is not here yet is rejected for a moment.
 */
final class RemoteKeys implements Keys {
  /** How old the keys may be before they are fetched again. */
  static final Duration REFRESH_INTERVAL = Duration.ofMinutes(15);

  /** The shortest time between two fetches, whatever tokens clients show. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(30);

  /** How long keys are used that cannot be fetched again. */
  static final Duration MAX_AGE = Duration.ofDays(1);

  private static final System.Logger LOG = System.getLogger("dev.roomful.tokens");
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int MIN_RSA_BITS = 2048;

  /** Gets the document; blocks for a bounded time, and reads a bounded number of bytes. */
  interface Source {
    String get() throws IOException;
  }

  private record Key(JWSAlgorithm algorithm, JWSVerifier verifier) {}

  private record KeySet(Map<String, Key> byId, Instant fetchedAt) {}

  private final String address;
  private final Source source;
  private final InstantSource clock;
  private final ThreadFactory threads;

  // Guarded by this.
  private @Nullable KeySet keys;
  private @Nullable Instant lastAttempt;
  private boolean fetching;

  /** Creates the keys, and begins to fetch them. */
  RemoteKeys(String address, Source source, InstantSource clock) {
    this(address, source, clock, task -> new Thread(task, "roomful-keys-1"));
  }

  /** Creates the keys with threads of its caller, and begins to fetch them. */
  RemoteKeys(String address, Source source, InstantSource clock, ThreadFactory threads) {
    this.address = address;
    this.source = source;
    this.clock = clock;
    this.threads = threads;
    fetchIfAllowed(clock.instant());
  }

  @Override
  public JWSVerifier verifierFor(JWSHeader header, Instant issuedAt) throws TokenRejectedException {
    Instant now = clock.instant();
    KeySet current = current(now);
    if (current == null) {
      fetchIfAllowed(now);
      throw TokenRejectedException.unavailable("the keys of tokens are being fetched", RETRY_AFTER);
    }
    if (hasPassed(REFRESH_INTERVAL, current.fetchedAt, now)) {
      fetchIfAllowed(now);
    }
    Key key = find(current, header.getKeyID());
    if (key != null) {
      Keys.requireAlgorithm(key.algorithm, header);
      return key.verifier;
    }
    fetchIfAllowed(now);
    if (issuedAt.isAfter(current.fetchedAt.minus(MIN_INTERVAL))) {
      // Perhaps it is signed with a new key. Nobody has checked the time, but whoever made it up
      // only learns later that the token is not accepted.
      throw TokenRejectedException.unavailable(
          "the key of the token is being fetched", RETRY_AFTER);
    }
    throw TokenRejectedException.invalid("the token is signed with a key that is not known");
  }

  private synchronized @Nullable KeySet current(Instant now) {
    KeySet current = keys;
    return current != null && Duration.between(current.fetchedAt, now).compareTo(MAX_AGE) < 0
        ? current
        : null;
  }

  private static @Nullable Key find(KeySet current, @Nullable String keyId) {
    if (keyId != null) {
      return current.byId.get(keyId);
    }
    return current.byId.size() == 1 ? current.byId.values().iterator().next() : null;
  }

  /** Fetches the keys on another thread, unless that is happening or was done just now. */
  private synchronized void fetchIfAllowed(Instant now) {
    Instant last = lastAttempt;
    if (fetching || (last != null && !hasPassed(MIN_INTERVAL, last, now))) {
      return;
    }
    lastAttempt = now;
    Thread thread = threads.newThread(this::fetch);
    thread.setDaemon(true);
    try {
      fetching = true;
      thread.start();
    } catch (Error failure) { // such as an OutOfMemoryError when no thread can be created
      fetching = false;
      LOG.log(
          Level.ERROR,
          () -> "No thread could be started to fetch keys from " + address + "; known ones hold",
          failure);
    }
  }

  /** Whether a time has passed; also if the clock was set back, as the keys may be older then. */
  private static boolean hasPassed(Duration time, Instant since, Instant now) {
    Duration passed = Duration.between(since, now);
    return passed.isNegative() || passed.compareTo(time) >= 0;
  }

  private void fetch() {
    KeySet fetched = null;
    try {
      fetched = new KeySet(parse(source.get()), clock.instant());
    } catch (Throwable failure) { // an Error too must not leave the state "fetching"
      LOG.log(
          Level.WARNING,
          () -> "The keys of tokens cannot be fetched from " + address + "; known ones still hold",
          failure);
    }
    synchronized (this) {
      fetching = false;
      if (fetched != null) {
        keys = fetched;
      }
    }
  }

  private static Map<String, Key> parse(String json) throws ParseException, JOSEException {
    Map<String, Key> found = new HashMap<>();
    for (JWK key : JWKSet.parse(json).getKeys()) {
      boolean forSignatures = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
      String id = key.getKeyID() == null ? "" : key.getKeyID();
      // Symmetric keys are not public, and none of a set is ever used as one.
      if (forSignatures && key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
        found.put(id, new Key(JWSAlgorithm.RS256, new RSASSAVerifier(rsa)));
      } else if (forSignatures && key instanceof ECKey ec && Curve.P_256.equals(ec.getCurve())) {
        found.put(id, new Key(JWSAlgorithm.ES256, new ECDSAVerifier(ec)));
      }
    }
    return Map.copyOf(found);
  }
}
